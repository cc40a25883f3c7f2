"""The insurers' message service, in the shape of VSP, over mutual TLS.

Shape only: paths and names after what is public; the real service may differ.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from ssl import SSLContext, SSLError
from typing import Any

import httpx
import msgspec
from django.conf import settings
from django.db import close_old_connections

from standvast.care.insurance.destinations.reading import TooLong, body_of
from standvast.core.certificates.api import NoCertificate, ssl_context_of
from standvast.core.delivery.api import Outcome, RefusedByPeer, TryLater

PURPOSE = "coverage"
"""The certificate by which the insurers know us, whatever we ask or tell."""
TIMEOUT_S = 20.0
BODY_BYTES_MAX = 32 * 1024 * 1024
RETRY_AFTER_S = 5.0
"""When a busy service names no time itself."""
LIMIT = 20


class CannotTell(Exception):
    """The service did not do it; `outcome` is what becomes of the delivery."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


class Waiting(msgspec.Struct, frozen=True):
    """A message that waits for us there."""

    traceerId: uuid.UUID  # noqa: N815 - their word
    conversatieId: uuid.UUID  # noqa: N815
    grootte: int
    checksum: str


class MessageService:
    """Speaks to the service. One connection is kept, for one certificate."""

    def __init__(self, context: Callable[[str], SSLContext] = ssl_context_of) -> None:
        self._context = context
        self._client: httpx.AsyncClient | None = None
        self._client_context: SSLContext | None = None

    async def push(self, told: Mapping[str, Any], payload: bytes, *, media_type: str) -> None:
        """Hand in a message; the same `traceerId` again is the same message.

        :raises CannotTell: if it was not taken.
        """
        await self._ask(
            "POST",
            "/berichten",
            files={
                "metadata": ("metadata.json", msgspec.json.encode(told), "application/json"),
                "payload": ("payload", payload, media_type),
            },
        )

    async def waiting(self, conversation_id: uuid.UUID) -> Sequence[Waiting]:
        """Return what waits in a conversation, oldest first, at most 20.

        :raises CannotTell: if it cannot be asked.
        """
        content = await self._ask(
            "POST",
            "/berichten/zoeken",
            json={"conversatieId": str(conversation_id), "limit": LIMIT},
        )
        try:
            return msgspec.json.decode(content, type=list[Waiting])
        except msgspec.DecodeError:
            raise CannotTell(TryLater("claims.unreadable")) from None

    async def payload_of(self, message: Waiting) -> bytes:
        """Return what a message holds, whole.

        :raises CannotTell: if it cannot be had, or came damaged.
        """
        content = await self._ask("GET", f"/berichten/{message.traceerId}/payload")
        if hashlib.sha256(content).hexdigest() != message.checksum:
            raise CannotTell(TryLater("claims.damaged"))
        return content

    async def confirm(self, message: Waiting) -> None:
        """Say that a message is ours now; only after it is committed here.

        :raises CannotTell: if it cannot be said.
        """
        await self._ask("DELETE", f"/berichten/{message.traceerId}")

    async def is_there(self) -> None:
        """Ask for nothing in particular.

        :raises CannotTell: if it does not answer.
        """
        await self._ask("GET", "/berichten?limit=1")

    async def _ask(self, method: str, path: str, **given: Any) -> bytes:
        try:
            async with asyncio.timeout(TIMEOUT_S * 0.4):
                client = await asyncio.to_thread(self._ready)
                address = settings.CLAIMS_URL + path
                async with client.stream(method, address, **given) as response:
                    return await _taken(response)
        except NoCertificate:
            raise CannotTell(TryLater("claims.no_certificate")) from None
        except TimeoutError:
            raise CannotTell(TryLater("claims.timed_out")) from None
        except (SSLError, httpx.HTTPError) as error:
            raise CannotTell(TryLater(_fault(error))) from None

    def _ready(self) -> httpx.AsyncClient:
        """Return a client with the certificate that counts now.

        :raises NoCertificate: if there is none.
        """
        try:
            context = self._context(PURPOSE)
        finally:
            close_old_connections()
        if self._client is None or context is not self._client_context:
            # What the environment says of proxies and authorities is not asked: it would override.
            self._client = httpx.AsyncClient(verify=context, trust_env=False, timeout=TIMEOUT_S)
            self._client_context = context
        return self._client


async def _taken(response: httpx.Response) -> bytes:
    code = f"claims.http_{response.status_code}"
    if response.status_code in (429, 503):
        after = response.headers.get("retry-after", "")
        seconds = float(after) if after.isascii() and after.isdecimal() else RETRY_AFTER_S
        raise CannotTell(TryLater(code, retry_after_s=seconds, peer_is_up=True))
    if response.status_code in (400, 404, 413, 422):
        raise CannotTell(RefusedByPeer(code))
    if not response.is_success:
        raise CannotTell(TryLater(code))
    try:
        return await body_of(response, bytes_max=BODY_BYTES_MAX)
    except TooLong:
        raise CannotTell(TryLater("claims.answer_too_long")) from None


def _fault(error: BaseException | None) -> str:
    """Return whether the handshake failed, or the way there: see destinations/coverage.py."""
    while error is not None:
        if isinstance(error, SSLError):
            return "claims.tls"
        error = error.__cause__ or error.__context__
    return "claims.unreachable"
