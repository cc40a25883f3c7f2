"""The SMTP side: listens, offers each message to the behaviour of the moment, stores."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session

from standvast.outside.mail.behaviour import Behaviour
from standvast.outside.mail.store import MailStore

MESSAGE_BYTES_MAX = 1_000_000
CONNECTIONS_MAX = 500
PENDING_MAX = 5_000
IDLE_S = 60.0
LOST_ANSWER = "421 the answer is lost on purpose"


class _Connection(SMTP):
    """One SMTP connection; known to its server so that it can be cut."""

    def __init__(self, server: "MailServer") -> None:
        super().__init__(
            server,
            data_size_limit=MESSAGE_BYTES_MAX,
            enable_SMTPUTF8=True,
            hostname="mail.outside.example",
            ident="simulated world",
            timeout=IDLE_S,
            loop=asyncio.get_running_loop(),
        )
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server.joined(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._server.left(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Hang up without a word."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def push(self, status: AnyStr) -> None:
        if status == LOST_ANSWER:
            self.cut()
            return
        await super().push(status)


class MailServer:
    """One simulated mail server: `start`, `stop`, `behave`."""

    def __init__(self, *, address: str, port: int, store: MailStore, seed: int = 4) -> None:
        self._address = address
        self._port = port
        self.store = store
        self.behaviour = Behaviour()
        self.said: Counter[str] = Counter()
        """How often it said what: accepted, try_later, rejected, answer_lost, connections."""
        self._listening: asyncio.Server | None = None
        self._open: set[_Connection] = set()
        self._pending: set[asyncio.Future[str]] = set()
        self._random = random.Random(seed)  # noqa: S311 - the same run twice, not a secret

    @property
    def port(self) -> int:
        """Where it listens; known after `start` when 0 was asked."""
        return self._port

    async def start(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            lambda: _Connection(self), self._address, self._port, backlog=256
        )
        self._port = int(self._listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no longer and cut what is open."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.close()
        for connection in list(self._open):
            connection.cut()

    def close(self) -> None:
        """Let go of messages that are still being taken; at the end of the process."""
        for taking in list(self._pending):
            taking.cancel()

    async def behave(self, behaviour: Behaviour) -> None:
        """Behave so from the next message on; messages being answered keep their delay."""
        self.behaviour = behaviour
        if behaviour.refuse_connections and self._listening is not None:
            await self.stop()
        elif not behaviour.refuse_connections and self._listening is None:
            await self.start()

    @property
    def open_count(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    def joined(self, connection: _Connection) -> None:
        """Count a connection in; past the bound it is cut at once."""
        self.said["connections"] += 1
        self._open.add(connection)
        if len(self._open) > CONNECTIONS_MAX:
            asyncio.get_running_loop().call_soon(connection.cut)

    def left(self, connection: _Connection) -> None:
        """Count a connection out."""
        self._open.discard(connection)

    # -- what aiosmtpd asks ------------------------------------------------------------------

    async def handle_RCPT(  # noqa: N802 - the library's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Say yes or no to one recipient."""
        if self.behaviour.rejects(address):
            self.said["rejected"] += 1
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take one message, as slowly and as badly as the behaviour says.

        Whoever hangs up meanwhile does not undo it: a mail server that has heard the end of a
        message keeps it, though nobody hears its answer.
        """
        if len(self._pending) >= PENDING_MAX:
            self.said["try_later"] += 1
            return "451 4.3.0 too much under way, try later"
        taking = asyncio.ensure_future(self._take(envelope))
        self._pending.add(taking)
        taking.add_done_callback(self._pending.discard)
        return await asyncio.shield(taking)

    async def _take(self, envelope: Envelope) -> str:
        behaviour = self.behaviour
        offered_at = datetime.now(UTC)
        recipients = tuple(envelope.rcpt_tos)
        content = envelope.original_content or b""
        if behaviour.accept_delay_s:
            await asyncio.sleep(behaviour.accept_delay_s)
        if self._random.random() < behaviour.try_later_share:
            self.said["try_later"] += 1
            return "451 4.3.0 busy, try later"
        headers = BytesHeaderParser().parsebytes(content)
        self.store.keep(
            message_id=str(headers.get("message-id", "")).strip(),
            sender=envelope.mail_from or "",
            recipients=recipients,
            content=content,
            offered_at=offered_at,
            accepted_at=datetime.now(UTC),
        )
        if self._random.random() < behaviour.lose_answer_share:
            self.said["answer_lost"] += 1
            return LOST_ANSWER
        self.said["accepted"] += 1
        return "250 OK"
