"""A supplier that says whether mail would reach an address. Its word is a warning, no more.

| the supplier says                         | outcome                                        |
|-------------------------------------------|------------------------------------------------|
| an answer as agreed                       | accepted, committed with what it means         |
| 429 or 503                                | later, after its Retry-After                   |
| anything else than agreed, or nothing     | later: its own probe has told the desk         |
| whatever, half an hour after the question | accepted as "too late": it would help nobody   |

A repeat is harmless: it is a question. Nobody waits here: the mail went its own way.
"""

import asyncio
import uuid
from collections.abc import Callable
from typing import TypeVar

import httpx
import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from standvast.core.delivery.api import (
    Accepted,
    Lane,
    Lease,
    LeaseLost,
    Outcome,
    RefusedByPeer,
    TryLater,
    take_effect,
)
from standvast.database.api import database_now
from standvast.kit.words import marked
from standvast.registry.people.doubts import LANE, take_answer
from standvast.registry.people.rules import NotAsAgreed, Said, is_too_late, said_in

T = TypeVar("T")

TIMEOUT_S = 5.0
BODY_BYTES_MAX = 16 * 1024
NOT_AS_AGREED = "people.check_not_as_agreed"
RETRY_AFTER_S = 30.0
"""When a busy supplier names no time itself."""


class _Question(msgspec.Struct):
    person_id: uuid.UUID
    address: str
    is_login: bool


class CannotAsk(Exception):
    """No answer as agreed; `code` says why, fit for a page."""

    def __init__(self, code: str, retry_after_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class AddressesDestination:
    """Asks about one address at a time. One connection is kept."""

    timeout_s = TIMEOUT_S

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def attempt(self, lease: Lease) -> Outcome:
        """Ask. Never raises for anything the supplier or the network does."""
        try:
            question = msgspec.convert(lease.payload, _Question)
        except msgspec.ValidationError:
            return RefusedByPeer("people.not_a_question")
        try:
            now = await asyncio.to_thread(_in_thread, database_now)
            if is_too_late(asked_at=lease.owed_at, now=now):
                return Accepted(receipt="too late to help anybody")
            said = await self.ask(question.address, is_login=question.is_login)
            await asyncio.to_thread(_in_thread, _written, lease, question, said)
        except (OperationalError, InterfaceError, LeaseLost):
            return TryLater("people.not_stored", peer_is_up=True)
        except CannotAsk as error:
            return TryLater(error.code, retry_after_s=error.retry_after_s)
        return Accepted(is_settled=True)

    async def ask(self, address: str, *, is_login: bool) -> Said:
        """Return what the supplier says of an address.

        :raises CannotAsk: if it says nothing, or something else than agreed.
        """
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport, trust_env=False, timeout=TIMEOUT_S
            )
        try:
            async with asyncio.timeout(TIMEOUT_S * 0.9):
                response = await self._client.post(
                    settings.ADDRESS_CHECK_URL, json={"address": address, "login": is_login}
                )
        except (TimeoutError, httpx.TimeoutException):
            raise CannotAsk("people.check_timed_out") from None
        except httpx.HTTPError:
            raise CannotAsk("people.check_unreachable") from None
        return _read(response)


def _read(response: httpx.Response) -> Said:
    if response.status_code in (429, 503):
        after = response.headers.get("retry-after", "")
        seconds = float(after) if after.isascii() and after.isdecimal() else RETRY_AFTER_S
        raise CannotAsk(f"people.check_http_{response.status_code}", seconds)
    if response.status_code != httpx.codes.OK:
        raise CannotAsk(f"people.check_http_{response.status_code}")
    if len(response.content) > BODY_BYTES_MAX:
        raise CannotAsk("people.check_too_long")
    try:
        return said_in(msgspec.json.decode(response.content))
    except (msgspec.DecodeError, NotAsAgreed):
        raise CannotAsk(NOT_AS_AGREED) from None


def _written(lease: Lease, question: _Question, said: Said) -> None:
    now = database_now()
    take_effect(
        lambda: take_answer(
            person_id=question.person_id, address=question.address, said=said, now=now
        ),
        lane=ADDRESSES_LANE,
        lease=lease,
        timeout_s=TIMEOUT_S,
        now=now,
    )


def _in_thread(do: Callable[..., T], *given: object) -> T:
    try:
        return do(*given)
    finally:
        close_old_connections()


ADDRESSES_LANE = Lane(
    name=LANE,
    destination=AddressesDestination,
    title=marked("A supplier's word about mail addresses"),
    rate_per_s=10.0,
    burst_count=10,
    concurrency_max=4,
    attempts_max=1_000,
    age_s_max=86_400.0,
    lease_s=30.0,
    retention_days=7,
    breaker_after_count=5,
    breaker_pause_s=10.0,
)
