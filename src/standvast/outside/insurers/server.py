"""The listening side: mutual TLS on loopback, cut, closed and opened as the behaviour says."""

import asyncio
import ssl
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.insurers.behaviour import Behaviour, Shown
from standvast.outside.insurers.messages import Messages
from standvast.outside.insurers.people import People
from standvast.outside.insurers.service import service
from standvast.outside.insurers.store import Store
from standvast.web.http import BoundedHttp, HttpServer

CONNECTIONS_MAX = 500
CERTIFICATE_LIFE = timedelta(days=397)
STOP_S = 2.0


class _Handshake(ssl.SSLObject):
    """One side of a connection; a handshake that fails is counted with its reason."""

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            assert isinstance(self.context, _Context)
            self.context.refused[_reason(error)] += 1
            raise


class _Context(ssl.SSLContext):
    """Asks every client for a certificate of the production authority."""

    refused: Counter[str]

    @classmethod
    def of(cls, authority: Authority, own: Issued, refused: Counter[str]) -> "_Context":
        context = cls(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.root_path(Issuer.PRODUCTION))
        # A session that is taken up again would not show its certificate again.
        context.options |= ssl.OP_NO_TICKET
        context.sslobject_class = _Handshake
        context.refused = refused
        own.load_into(context)
        return context


class Connection(BoundedHttp):
    """One connection; its requests know who holds its certificate, and can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": self}
        if len(self.connections) > CONNECTIONS_MAX:
            self.cut()

    def cut(self) -> None:
        """Hang up without a word."""
        self.transport.abort()

    @property
    def certificate(self) -> dict[str, Any]:
        """Return the client's certificate, as TLS tells it."""
        found: dict[str, Any] = self.transport.get_extra_info("peercert") or {}
        return found


class InsurersServer:
    """Coverage and claims: `start`, `stop`, `behave`."""

    def __init__(self, *, address: str, port: int, authority: Authority) -> None:
        self._address = address
        self._port = port
        self.authority = authority
        self.store = Store()
        self.people = People()
        self.behaviour = Behaviour()
        self.messages = Messages(self)
        self._app = service(self)
        self._listening: HttpServer | None = None
        self._serving: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()

    @property
    def port(self) -> int:
        """Where it listens; known after `start` when 0 was asked."""
        return self._port

    @property
    def open_count(self) -> int:
        """How many connections are open now."""
        return len(self._listening.server_state.connections) if self._listening else 0

    async def start(self) -> None:
        """Listen, with the certificate the behaviour names."""
        own = _own(self.authority, self.behaviour.shows, now=datetime.now(UTC))
        context = _Context.of(self.authority, own, self.store.handshakes_refused)
        self._listening = HttpServer(
            self._app, address=self._address, port=self._port, tls=context, protocol=Connection
        )
        self._port = self._listening.port
        self._serving = asyncio.create_task(self._listening.serve())

    async def stop(self) -> None:
        """Listen no longer and cut what is open."""
        listening, self._listening = self._listening, None
        serving, self._serving = self._serving, None
        if listening is None or serving is None:
            return
        listening.stop()
        listening.force_exit = True  # nothing is waited for that has just been cut
        for connection in list(listening.server_state.connections):
            if isinstance(connection, Connection):
                connection.cut()
        await asyncio.wait({serving}, timeout=STOP_S)

    async def behave(self, behaviour: Behaviour) -> None:
        """Behave so from the next request on; requests under way keep their delay."""
        async with self._changing:
            before, self.behaviour = self.behaviour, behaviour
            if behaviour.refuse_connections or behaviour.shows is not before.shows:
                await self.stop()
            if not behaviour.refuse_connections and self._listening is None:
                await self.start()


def _own(authority: Authority, shown: Shown, *, now: datetime) -> Issued:
    """Return a certificate for the service itself, as right or as wrong as asked."""
    issue = partial(
        authority.server,
        valid_from=now - timedelta(minutes=5),
        valid_until=now + CERTIFICATE_LIFE,
    )
    match shown:
        case Shown.GOOD:
            return issue()
        case Shown.EXPIRED:
            over = now - timedelta(hours=1)
            return authority.server(valid_from=over - CERTIFICATE_LIFE, valid_until=over)
        case Shown.OTHER_NAME:
            return issue(names=("another.standvast.example",))
        case Shown.TEST:
            return issue(issuer=Issuer.TEST)


def _reason(error: ssl.SSLError) -> str:
    """Return why a handshake failed, in words of a bounded number."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    reason = str(error.reason or "unknown")
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return "no certificate"
    if "ALERT" in reason:
        return "they refused ours: " + reason.partition("ALERT_")[2].replace("_", " ").lower()
    return reason.replace("_", " ").lower()
