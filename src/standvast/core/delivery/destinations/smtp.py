"""Mail over SMTP.

| the server says                         | outcome                                       |
|-----------------------------------------|-----------------------------------------------|
| 250 after the content                   | accepted; its text is the receipt             |
| 421, or 4xx at greeting, or no answer   | later, a fault of the peer                    |
| 4xx to the recipient or the content     | later; the peer works (full box, greylisting) |
| 5xx                                     | refused: a person looks                       |

A repeat carries the same Message-ID, by which the receiving side knows it (RFC 5322, 3.6.4).
"""

import asyncio
import re
import ssl
from collections import deque

import aiosmtplib
from django.conf import settings

from standvast.core.delivery.destinations.letter import domain_of, letter
from standvast.core.delivery.mail import Mail, mail_of
from standvast.core.delivery.values import Accepted, Lease, Outcome, RefusedByPeer, TryLater

TIMEOUT_S = 20.0
IDLE_CONNECTIONS_MAX = 4
IDLE_S_MAX = 10.0
"""A connection unused for longer is closed: servers end them, and then a mail would wait."""
_ADDRESS = re.compile(r"\S+@\S+")


class SmtpDestination:
    """One mail server. Connections are kept a short while and used again."""

    timeout_s = TIMEOUT_S

    def __init__(
        self, host: str | None = None, port: int | None = None, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.timeout_s = timeout_s
        self._host = host if host is not None else settings.MAIL_HOST
        self._port = port if port is not None else settings.MAIL_PORT
        self._idle: deque[tuple[float, aiosmtplib.SMTP]] = deque(maxlen=IDLE_CONNECTIONS_MAX)

    async def attempt(self, lease: Lease) -> Outcome:
        """Offer one mail. Never raises for anything the server or the network does."""
        try:
            mail = mail_of(lease.payload)
        except (KeyError, ValueError, TypeError):
            return RefusedByPeer("smtp.not_a_mail")
        return await self.offer(mail, lease=lease)

    async def offer(self, mail: Mail, *, lease: Lease) -> Outcome:
        """Offer a mail that another lane's destination has just written, under that lease."""
        sender = settings.DEFAULT_FROM_EMAIL
        try:
            message = letter(mail, key=lease.key, sender=sender, written_at=lease.created_at)
            content = signed(message.as_bytes(), domain=domain_of(sender))
        except (ValueError, IndexError, LookupError):
            return RefusedByPeer("smtp.cannot_be_written")
        envelope_from = message["From"].addresses[0].addr_spec
        try:
            async with asyncio.timeout(self.timeout_s * 0.95):
                return await self._offered(envelope_from, mail.to, content)
        except TimeoutError:
            return TryLater("smtp.timed_out")

    async def _offered(self, sender: str, to: str, content: bytes) -> Outcome:
        client = self._take()
        try:
            if client is None:
                client = await self._connected()
            _, text = await client.sendmail(sender, [to], content)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return await self._said(client, error.recipients[0])
        except aiosmtplib.SMTPResponseException as error:
            return await self._said(client, error)
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            self._drop(client)
            return TryLater(_fault(error))
        except BaseException:
            self._drop(client)
            raise
        assert client is not None
        self._keep(client)
        return Accepted(receipt=_ADDRESS.sub("…", text)[:300])

    async def _connected(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self.timeout_s * 0.9,
            username=getattr(settings, "MAIL_USER", "") or None,
            password=getattr(settings, "MAIL_PASSWORD", "") or None,
            use_tls=getattr(settings, "MAIL_TLS", "none") == "always",
            start_tls={"start": True, "none": False}.get(getattr(settings, "MAIL_TLS", "none")),
        )
        await client.connect()
        return client

    async def _said(
        self, client: aiosmtplib.SMTP | None, error: aiosmtplib.SMTPResponseException
    ) -> Outcome:
        code = error.code
        if client is not None and client.is_connected and code != 421:
            self._keep(client)
        else:
            self._drop(client)
        if 500 <= code < 600:
            return RefusedByPeer(f"smtp.{code}")
        is_about_this = isinstance(
            error,
            aiosmtplib.SMTPRecipientRefused
            | aiosmtplib.SMTPSenderRefused
            | aiosmtplib.SMTPDataError,
        )
        return TryLater(f"smtp.{code}", peer_is_up=is_about_this and code != 421)

    def _take(self) -> aiosmtplib.SMTP | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            kept_at, client = self._idle.pop()
            if client.is_connected and now - kept_at <= IDLE_S_MAX:
                return client
            self._drop(client)
        return None

    def _keep(self, client: aiosmtplib.SMTP) -> None:
        if len(self._idle) >= IDLE_CONNECTIONS_MAX:
            self._drop(client)
            return
        self._idle.append((asyncio.get_running_loop().time(), client))

    def _drop(self, client: aiosmtplib.SMTP | None) -> None:
        if client is not None:
            client.close()


def signed(content: bytes, *, domain: str) -> bytes:
    """Return the message with a DKIM signature in front, when a key is set."""
    pem = getattr(settings, "MAIL_DKIM_KEY", "")
    if not pem:
        return content
    from standvast.core.delivery.destinations.dkim import sign

    selector = getattr(settings, "MAIL_DKIM_SELECTOR", "standvast")
    return sign(content, pem=pem.encode(), domain=domain, selector=selector) + content


def _fault(error: BaseException) -> str:
    match error:
        case aiosmtplib.SMTPTimeoutError():
            return "smtp.timed_out"
        case aiosmtplib.SMTPServerDisconnected():
            return "smtp.hung_up"
        case _:
            return "smtp.unreachable"
