"""The service over real sockets: who gets through the handshake, and what its moods do."""

import asyncio
import socket
import ssl
from contextlib import nullcontext
from datetime import UTC, datetime

import httpx
import pytest
import uvloop

from standvast.outside.insurers.authority import Issued, Issuer
from standvast.outside.insurers.behaviour import Behaviour, Shown
from standvast.outside.insurers.pages import MOODS
from standvast.outside.insurers.service import BODY_BYTES_MAX
from standvast.outside.insurers.soap import ACTION, Version
from standvast.outside.insurers.tests.messages import controleer, envelope, search
from standvast.outside.insurers.tests.world import eventually, world

pytestmark = pytest.mark.enable_socket

REFUSED = (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError)


def question(count: int = 1, *, version: Version = Version.V11) -> bytes:
    today = datetime.now(UTC).date()
    return envelope(
        controleer(*(search(number + 1, on=today) for number in range(count))), version=version
    )


async def ask(client, url, content=None, *, version=Version.V11, **headers) -> httpx.Response:
    kind = {"Content-Type": f"{version.media_type}; charset=utf-8", **headers}
    content = question(version=version) if content is None else content
    return await client.post(url, content=content, headers=kind)


class TestHandshake:
    async def test_lets_the_right_certificate_in(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            answer = await ask(client, here.url)

            assert answer.status_code == 200
            assert "Gevonden" in answer.text
            assert here.refused == {}
            (asked,) = here.server.store.newest(limit=9)
            assert (asked.organisation, asked.provider) == ("De Linde & co", "01012345")
            assert (asked.reference, asked.result) == ("ours-1", "Gevonden")

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"days": -1}, "certificate has expired"),
            ({"issuer": Issuer.TEST}, "unable to get local issuer certificate"),
            ({"is_for_clients": False}, "unsuitable certificate purpose"),
        ],
        ids=["expired", "test issuer", "wrong use"],
    )
    async def test_refuses_a_wrong_certificate_and_counts_it(self, tmp_path, wrong, reason):
        async with world(tmp_path) as here, here.client(here.issued(**wrong)) as client:
            with pytest.raises(REFUSED):
                await ask(client, here.url)

            assert here.refused == {reason: 1}
            assert here.server.store.said["requests"] == 0

    async def test_refuses_who_shows_none(self, tmp_path):
        async with world(tmp_path) as here, here.client(None) as client:
            with pytest.raises(REFUSED):
                await ask(client, here.url)

            assert here.refused == {"no certificate": 1}

    async def test_a_key_that_does_not_fit_does_not_get_that_far(self, tmp_path):
        async with world(tmp_path) as here:
            one, other = here.issued(), here.issued()

            with pytest.raises(ssl.SSLError):
                here.client(Issued(one.certificate, other.key))

    async def test_speaks_tls_1_2_where_a_refusal_is_the_same(self, tmp_path):
        async with world(tmp_path) as here:
            for days, answered in ((30, 1), (-1, 1)):
                context = here.context(here.issued(days=days))
                context.maximum_version = ssl.TLSVersion.TLSv1_2
                async with httpx.AsyncClient(verify=context, trust_env=False) as client:
                    with nullcontext() if days > 0 else pytest.raises(REFUSED):
                        await ask(client, here.url)
                assert here.server.store.said["requests"] == answered

            assert here.refused == {"certificate has expired": 1}

    @pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
    async def test_speaks_nothing_older(self, tmp_path):
        async with world(tmp_path) as here:
            context = here.context(here.issued())
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
            async with httpx.AsyncClient(verify=context, trust_env=False) as client:
                with pytest.raises(REFUSED):
                    await ask(client, here.url)

            assert here.refused == {"unsupported protocol": 1}

    @pytest.mark.parametrize(
        ("shown", "reason"),
        [
            (Shown.EXPIRED, "certificate has expired"),
            (Shown.OTHER_NAME, "IP address mismatch"),
            (Shown.TEST, "unable to get local issuer"),
        ],
    )
    async def test_shows_a_wrong_certificate_itself_at_once(self, tmp_path, shown, reason):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            assert (await ask(client, here.url)).status_code == 200
            await here.server.behave(Behaviour(shows=shown))

            with pytest.raises(httpx.ConnectError, match=reason):
                await ask(client, here.url)
            assert here.server.store.said["requests"] == 1

            await here.server.behave(Behaviour())
            assert (await ask(client, here.url)).status_code == 200

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    async def test_looks_at_the_certificate_of_whoever_comes_again(self, tmp_path, version):
        def meet(port: int, context: ssl.SSLContext, session=None) -> tuple[object, bool]:
            with (
                socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname="127.0.0.1", session=session) as tls,
            ):
                tls.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert tls.recv(100).startswith(b"HTTP/1.1 404")
                return tls.session, bool(tls.session_reused)

        async with world(tmp_path) as here:
            context = here.context(here.issued())
            context.minimum_version = context.maximum_version = version

            session, _ = await asyncio.to_thread(meet, here.server.port, context)
            _, is_reused = await asyncio.to_thread(meet, here.server.port, context, session)

            assert not is_reused

    async def test_counts_who_does_not_trust_it(self, tmp_path):
        def meet(port: int, context: ssl.SSLContext) -> None:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
                context.wrap_socket(plain, server_hostname="127.0.0.1")

        async with world(tmp_path) as here:
            await here.server.behave(Behaviour(shows=Shown.TEST))

            with pytest.raises(ssl.SSLCertVerificationError):
                await asyncio.to_thread(meet, here.server.port, here.context(here.issued()))

            await eventually(lambda: bool(here.refused))
            assert here.refused == {"they refused ours: unknown ca": 1}

    def test_counts_on_the_loop_it_runs_on(self, tmp_path):
        async def refused() -> dict[str, int]:
            async with world(tmp_path) as here, here.client(here.issued(days=-1)) as client:
                with pytest.raises(REFUSED):
                    await ask(client, here.url)
                return here.refused

        assert uvloop.run(refused()) == {"certificate has expired": 1}


class TestSoap:
    async def test_the_description_is_served(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            found = await client.get(f"{here.url}?WSDL")
            bare = await client.get(here.url)

            assert found.headers["content-type"].startswith("text/xml")
            assert here.url in found.text
            assert (bare.status_code, bare.headers["allow"]) == (405, "POST")

    @pytest.mark.parametrize(
        ("count", "result"),
        [
            (0, "GeenZoekopdrachten"),
            (20, "VerzoekAkkoord"),
            (21, "MeerDan20Zoekopdrachten"),
        ],
    )
    async def test_takes_1_to_20_searches(self, tmp_path, count, result):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            answer = await ask(client, here.url, question(count))

            assert answer.status_code == 200
            assert f"<m:Resultaat>{result}</m:Resultaat>" in answer.text
            answered = count if result == "VerzoekAkkoord" else 0
            assert here.server.store.said["searches"] == answered

    @pytest.mark.parametrize(("version", "status"), [(Version.V11, 500), (Version.V12, 400)])
    async def test_bad_xml_gets_a_fault_in_its_own_version(self, tmp_path, version, status):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            answer = await ask(client, here.url, b"<bad", version=version)

            assert answer.status_code == status
            assert answer.headers["content-type"].startswith(version.media_type)
            assert "BerichtOnjuist" in answer.text
            assert here.server.store.said["BerichtOnjuist"] == 1

    async def test_a_body_is_bounded_however_it_comes(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:

            async def in_pieces():
                for _ in range(BODY_BYTES_MAX // 8_192 + 2):
                    yield b"x" * 8_192

            for content in (b"x" * (BODY_BYTES_MAX + 1), in_pieces()):
                answer = await ask(client, here.url, content)
                assert answer.status_code == 413
                assert "BerichtTeLang" in answer.text

    async def test_another_media_type_is_refused(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            answer = await ask(client, here.url, **{"Content-Type": "application/json"})

            assert answer.status_code == 415

    @pytest.mark.parametrize(
        ("version", "headers"),
        [
            (Version.V11, {"SOAPAction": '"{action}"'}),
            (Version.V12, {"Content-Type": 'application/soap+xml; action="{action}"'}),
        ],
    )
    async def test_another_action_is_refused(self, tmp_path, version, headers):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            for action, is_right in ((ACTION, True), ("http://other.example/", False)):
                named = {name: text.format(action=action) for name, text in headers.items()}
                answer = await ask(client, here.url, version=version, **named)
                assert (answer.status_code == 200) is is_right


class TestMoods:
    async def test_slow_answers_late_and_others_meanwhile(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            await here.server.behave(Behaviour(answer_delay_s=0.4))
            clock = asyncio.get_running_loop().time
            begun = clock()

            await asyncio.gather(*(ask(client, here.url) for _ in range(3)))

            assert 0.4 <= clock() - begun < 1.1

    async def test_later_says_when(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            await here.server.behave(Behaviour(try_later_share=1.0, retry_after_s=7))

            answer = await ask(client, here.url)

            assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")

    async def test_a_fault_says_it_is_the_services_own(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            await here.server.behave(MOODS["fault"][1])

            answer = await ask(client, here.url)

            assert answer.status_code == 500
            assert "s:Server" in answer.text
            assert "TijdelijkNietBeschikbaar" in answer.text

    async def test_a_revoked_certificate_is_told_so_and_the_next_one_serves(self, tmp_path):
        async with world(tmp_path) as here:
            old, new = here.issued(), here.issued()
            await here.server.behave(Behaviour(revoked=(old.serial,)))

            async with here.client(old) as client:
                answer = await ask(client, here.url)
                assert (answer.status_code, "NietGeautoriseerd" in answer.text) == (500, True)
            async with here.client(new) as client:
                assert (await ask(client, here.url)).status_code == 200

                await here.server.behave(MOODS["revoked"][1])
                assert (await ask(client, here.url)).status_code == 500

    async def test_a_lost_answer_was_asked_all_the_same(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            await here.server.behave(Behaviour(lose_answer_share=1.0))

            with pytest.raises(REFUSED):
                await ask(client, here.url)

            said = here.server.store.said
            assert (said["searches"], said["answer_lost"]) == (1, 1)

    async def test_away_cuts_what_is_open_and_comes_back_at_the_same_place(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            assert (await ask(client, here.url)).status_code == 200
            await here.server.behave(Behaviour(refuse_connections=True))

            with pytest.raises(httpx.ConnectError):
                await ask(client, here.url)
            assert here.server.open_count == 0

            await here.server.behave(Behaviour())
            assert (await ask(client, here.url)).status_code == 200

    async def test_away_while_somebody_waits_lets_go_of_them(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            await here.server.behave(Behaviour(answer_delay_s=60.0))
            waiting = asyncio.create_task(ask(client, here.url))
            await eventually(lambda: here.server.store.said["requests"] == 1)

            await asyncio.wait_for(here.server.behave(Behaviour(refuse_connections=True)), 3)

            with pytest.raises(REFUSED):
                await asyncio.wait_for(waiting, 3)

    async def test_past_its_rate_it_says_so(self, tmp_path):
        async with world(tmp_path) as here, here.client(here.issued()) as client:
            await here.server.behave(Behaviour(requests_per_s_max=2))

            answers = [await ask(client, here.url) for _ in range(4)]

            assert [one.status_code for one in answers] == [200, 200, 429, 429]
            assert answers[-1].headers["retry-after"] == "1"

    async def test_a_full_service_hangs_up_on_the_next(self, tmp_path, monkeypatch):
        monkeypatch.setattr("standvast.outside.insurers.server.CONNECTIONS_MAX", 1)
        async with (
            world(tmp_path) as here,
            here.client(here.issued()) as one,
            here.client(here.issued()) as other,
        ):
            assert (await ask(one, here.url)).status_code == 200
            with pytest.raises(REFUSED):
                await ask(other, here.url)
