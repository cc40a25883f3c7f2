"""Show a certificate to the peer that it is for, and tell apart what may come of it.

With TLS 1.3 a peer refuses after our side has finished: it is waited for, and then a line is said
to which every web server answers.
"""

import re
import socket
import ssl
import time

from standvast.core.certificates.declared import Harmless, Peer
from standvast.core.certificates.rules.told import Check

DEADLINE_S = 5.0
REFUSAL_S = 0.5
"""So long a refusal is waited for before anything is said: what we say could cut it off."""
LEFT_S_MIN = 0.1
KEPT_OUT = frozenset({400, 401, 403, 495, 496})
"""What web servers answer to a certificate that they do not believe, after a whole handshake."""
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
ALERT = re.compile(r"^(?:SSLV3|TLSV1|TLSV13)_ALERT_(.+)$")


def shake_hands(
    context: ssl.SSLContext,
    peer: Peer,
    *,
    harmless: Harmless | None = None,
    deadline_s: float = DEADLINE_S,
) -> tuple[Check, ...]:
    """Return what the peer made of the certificate. Never raises for what it does."""
    ends_at = time.monotonic() + deadline_s
    try:
        seen = _shown(context, peer, ends_at, judges_status=harmless is None)
    except ssl.SSLCertVerificationError as error:
        return (Check("peer.stranger", {"reason": error.verify_message}),)
    except ssl.SSLError as error:
        alert = ALERT.match(error.reason or "")
        if alert is None:
            return (Check("peer.hung_up"),)
        return (Check("peer.refused", {"alert": alert[1].replace("_", " ").lower()}),)
    except TimeoutError:
        return (Check("peer.late", {"seconds": int(deadline_s)}),)
    except ConnectionResetError:
        return (Check("peer.hung_up"),)
    except OSError:
        return (Check("peer.away"),)
    if harmless is None or seen.code != "peer.took":
        return (seen,)
    return seen, _called(harmless, context, peer, _left_s(ends_at))


def _shown(context: ssl.SSLContext, peer: Peer, ends_at: float, *, judges_status: bool) -> Check:
    started = time.monotonic()
    with (
        socket.create_connection((peer.host, peer.port), timeout=_left_s(ends_at)) as plain,
        context.wrap_socket(plain, server_hostname=peer.host) as secured,
    ):
        ms = int((time.monotonic() - started) * 1000)
        _wait_for_refusal(secured)
        secured.settimeout(_left_s(ends_at))
        secured.sendall(
            f"HEAD / HTTP/1.1\r\nHost: {peer.host}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = secured.recv(64)
    if not answer:
        return Check("peer.hung_up")
    status = STATUS.match(answer)
    if judges_status and status and int(status[1]) in KEPT_OUT:
        return Check("peer.answered", {"status": status[1].decode()})
    return Check("peer.took", {"ms": ms})


def _wait_for_refusal(secured: ssl.SSLSocket) -> None:
    """:raises ssl.SSLError: if the peer sends its refusal now. Silence is what is hoped for."""
    secured.settimeout(REFUSAL_S)
    try:
        secured.recv(1)
    except TimeoutError:
        return


def _left_s(ends_at: float) -> float:
    return max(LEFT_S_MIN, ends_at - time.monotonic())


def _called(harmless: Harmless, context: ssl.SSLContext, peer: Peer, deadline_s: float) -> Check:
    try:
        answered = harmless(context, peer, deadline_s)
    except OSError:
        answered = None
    match answered:
        case True:
            return Check("call.right")
        case False:
            return Check("call.refused")
        case _:
            return Check("call.not_known")
