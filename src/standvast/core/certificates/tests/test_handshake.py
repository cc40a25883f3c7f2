"""A real handshake on this machine: what a peer can make of a certificate is told apart."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from standvast.core.certificates.contexts import _as_file
from standvast.core.certificates.declared import Peer
from standvast.core.certificates.handshake import shake_hands
from standvast.core.certificates.testing import SERVER, Authority, Made, a_peer


def context_with(made: Made | None, authority: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if made is not None:
        with _as_file((made.chain_pem + made.key_pem).encode()) as path:
            context.load_cert_chain(path)
    return context


def shown(made: Made | None, peer: Peer, **more) -> list[str]:
    found = shake_hands(context_with(made, peer.authority), peer, **more)
    return [check.code for check in found]


@contextlib.contextmanager
def a_rude_peer(does) -> Iterator[Peer]:
    """Accept one connection and do whatever the test wants with it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    does(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Peer("localhost", server.getsockname()[1], Authority("niemand").pem)
    thread.join(5)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
class TestWhatThePeerMakesOfIt:
    @pytest.fixture
    def show(self, version):
        def show(made, peer, **more):
            context = context_with(made, peer.authority)
            context.minimum_version = context.maximum_version = version
            return shake_hands(context, peer, **more)

        return show

    def test_takes_a_right_one(self, authority, show):
        with a_peer(authority) as peer:
            (check,) = show(authority.issue(), peer)

        assert check.code == "peer.took"

    def test_refuses_an_issuer_that_it_does_not_know(self, authority, elsewhere, show):
        with a_peer(authority) as peer:
            (check,) = show(elsewhere.issue(), peer)

        assert (check.code, check.values) == ("peer.refused", {"alert": "unknown ca"})

    def test_refuses_one_that_is_over(self, authority, show):
        with a_peer(authority) as peer:
            (check,) = show(authority.issue(days=-1, since_days=9), peer)

        assert (check.code, check.values) == ("peer.refused", {"alert": "certificate expired"})

    def test_refuses_one_that_is_for_servers(self, authority, show):
        with a_peer(authority) as peer:
            (check,) = show(authority.issue(uses=(SERVER,)), peer)

        assert check.code == "peer.refused"

    def test_refuses_none_at_all(self, authority, show):
        with a_peer(authority) as peer:
            (check,) = show(None, peer)

        assert check.code == "peer.refused"


class TestApart:
    def test_a_peer_whom_we_do_not_know_is_not_a_peer_who_refuses(self, authority, elsewhere):
        with a_peer(authority) as peer:
            stranger = Peer(peer.host, peer.port, elsewhere.pem)
            assert shown(authority.issue(), stranger) == ["peer.stranger"]

    @pytest.mark.parametrize("status", [400, 403, 495, 496])
    def test_a_web_server_that_lets_nobody_in_refused_it(self, authority, status):
        with a_peer(authority, status=status) as peer:
            assert shown(authority.issue(), peer) == ["peer.answered"]

    @pytest.mark.parametrize("status", [204, 302, 404, 405, 500])
    def test_any_other_answer_took_it(self, authority, status):
        with a_peer(authority, status=status) as peer:
            assert shown(authority.issue(), peer) == ["peer.took"]

    def test_a_closed_door_is_away(self, authority):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

        assert shown(authority.issue(), Peer("localhost", port, authority.pem)) == ["peer.away"]

    def test_silence_ends_at_the_deadline(self, authority):
        over = threading.Event()
        with a_rude_peer(lambda _: over.wait(5)) as peer:
            assert shown(authority.issue(), peer, deadline_s=0.3) == ["peer.late"]
            over.set()

    def test_hanging_up_is_no_refusal(self, authority):
        with a_rude_peer(lambda connection: connection.recv(1)) as peer:
            assert shown(authority.issue(), peer) == ["peer.hung_up"]

    def test_something_that_is_no_tls_is_no_refusal(self, authority):
        with a_rude_peer(lambda connection: connection.sendall(b"220 welkom\r\n")) as peer:
            assert shown(authority.issue(), peer) == ["peer.hung_up"]


class TestHarmlessCall:
    @pytest.mark.parametrize(
        ("answer", "code"),
        [(True, "call.right"), (False, "call.refused"), (None, "call.not_known")],
    )
    def test_says_what_came_of_it(self, authority, answer, code):
        with a_peer(authority, status=403) as peer:
            found = shown(authority.issue(), peer, harmless=lambda *_: answer)

        assert found == ["peer.took", code]

    def test_that_breaks_off_is_not_known(self, authority):
        def breaks(*_):
            raise ConnectionResetError

        with a_peer(authority) as peer:
            found = shown(authority.issue(), peer, harmless=breaks)

        assert found == ["peer.took", "call.not_known"]

    def test_is_not_made_after_a_refusal(self, authority, elsewhere):
        called = []
        with a_peer(authority) as peer:
            found = shown(elsewhere.issue(), peer, harmless=lambda *_: called.append(1))

        assert (found, called) == (["peer.refused"], [])
