"""The insurers' coverage service, in the shape of VZ801/802: SOAP over mutual TLS.

| the service says                                | outcome                                    |
|-------------------------------------------------|--------------------------------------------|
| an answer that we can read                      | accepted, committed with what it means     |
| an answer of which a value is not known to us   | refused: an operator looks                 |
| no searches, or more than 20: our fault         | refused: an operator looks                 |
| 429 or 503                                      | later, after its Retry-After               |
| a fault: not authenticated, not authorised      | later: our certificate needs an operator   |
| no certificate here, none that it takes, no TLS | later: as above                            |
| anything else, or nothing                       | later                                      |

A repeat is harmless: it is a question. An answer to one that was answered changes nothing.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from ssl import SSLContext, SSLError
from typing import TypeVar

import httpx
import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction

from standvast.care.insurance.destinations.reading import TooLong, body_of
from standvast.care.insurance.destinations.soap import (
    SOAP_ACTION,
    AnswerUnreadable,
    Fault,
    NotOurs,
    answers_in,
    request_body,
)
from standvast.care.insurance.operations.answering import take_answers
from standvast.care.insurance.operations.asking import LANE
from standvast.care.insurance.queries.coverage import questions_of
from standvast.care.insurance.rules.coverage import Answer, Then, reading_of
from standvast.care.insurance.views import Question
from standvast.core.certificates.api import NoCertificate, ssl_context_of
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
from standvast.registry.organisations.api import OrganisationNotFound
from standvast.registry.patients.api import PatientNotFound

T = TypeVar("T")

PURPOSE = "coverage"
TIMEOUT_S = 10.0
BODY_BYTES_MAX = 512 * 1024
RETRY_AFTER_S = 5.0
"""When a busy service names no time itself."""


class _Asked(msgspec.Struct):
    check_ids: list[uuid.UUID]


class CoverageDestination:
    """Asks 1 to 20 questions in one message. One connection is kept, for one certificate."""

    timeout_s = TIMEOUT_S

    def __init__(self, context: Callable[[str], SSLContext] = ssl_context_of) -> None:
        self._context = context
        self._client: httpx.AsyncClient | None = None
        self._client_context: SSLContext | None = None

    async def attempt(self, lease: Lease) -> Outcome:
        """Ask. Never raises for anything the service or the network does."""
        try:
            ids = msgspec.convert(lease.payload, _Asked).check_ids
        except msgspec.ValidationError:
            return RefusedByPeer("coverage.not_a_question")
        try:
            questions = await asyncio.to_thread(_in_thread, questions_of, ids)
            if not questions:
                return Accepted(receipt="answered before")
            answers = await self.ask(questions)
            return await asyncio.to_thread(_in_thread, _written, lease, answers)
        except (PatientNotFound, OrganisationNotFound):
            return RefusedByPeer("coverage.nobody_to_ask_about")
        except (OperationalError, InterfaceError, LeaseLost):
            return TryLater("coverage.not_stored", peer_is_up=True)
        except CannotAsk as error:
            return error.outcome

    async def ask(self, questions: list[Question]) -> Mapping[uuid.UUID, Answer]:
        """Return the answer to each question.

        :raises CannotAsk: with what becomes of the delivery.
        """
        try:
            async with asyncio.timeout(self.timeout_s * 0.9):
                client = await asyncio.to_thread(_in_thread, self._ready)
                async with client.stream(
                    "POST",
                    settings.COVERAGE_URL,
                    content=request_body(questions),
                    headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": SOAP_ACTION},
                ) as response:
                    content = await body_of(response, bytes_max=BODY_BYTES_MAX)
        except TooLong:
            raise CannotAsk(TryLater("coverage.answer_too_long")) from None
        except NoCertificate:
            raise CannotAsk(TryLater("coverage.no_certificate")) from None
        except TimeoutError:
            raise CannotAsk(TryLater("coverage.timed_out")) from None
        except (SSLError, httpx.HTTPError) as error:
            raise CannotAsk(TryLater(_fault(error))) from None
        return _answers(response, content, questions)

    def _ready(self) -> httpx.AsyncClient:
        """Return a client with the certificate that counts now.

        :raises NoCertificate: if there is none.
        """
        context = self._context(PURPOSE)
        if self._client is None or context is not self._client_context:
            # What the environment says of proxies and authorities is not asked: it would override.
            self._client = httpx.AsyncClient(verify=context, trust_env=False, timeout=TIMEOUT_S)
            self._client_context = context
        return self._client


class CannotAsk(Exception):
    """No answer; `outcome` is what becomes of the delivery."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


def _answers(
    response: httpx.Response, content: bytes, questions: list[Question]
) -> Mapping[uuid.UUID, Answer]:
    if response.status_code in (429, 503):
        after = response.headers.get("retry-after", "")
        seconds = float(after) if after.isascii() and after.isdecimal() else RETRY_AFTER_S
        raise CannotAsk(
            TryLater(
                f"coverage.http_{response.status_code}", retry_after_s=seconds, peer_is_up=True
            )
        )
    try:
        return answers_in(content, questions)
    except Fault as fault:
        raise CannotAsk(TryLater(fault.code)) from None
    except NotOurs as wrong:
        raise CannotAsk(RefusedByPeer(wrong.code)) from None
    except AnswerUnreadable:
        code = f"http_{response.status_code}" if response.is_error else "unreadable"
        raise CannotAsk(TryLater(f"coverage.{code}")) from None


def _fault(error: BaseException | None) -> str:
    """Return whether the handshake failed, or the way there.

    In TLS 1.3 a certificate is refused after the client's side of the handshake is done, so it may
    come to light while reading.
    """
    while error is not None:
        if isinstance(error, SSLError):
            return "coverage.tls"
        error = error.__cause__ or error.__context__
    return "coverage.unreachable"


def _written(lease: Lease, answers: Mapping[uuid.UUID, Answer]) -> Outcome:
    """Commit what was understood; together with the settle when that is all of it."""
    now = database_now()
    clear = {
        check_id: answer
        for check_id, answer in answers.items()
        if reading_of(answer).then is not Then.DESK
    }
    if len(clear) < len(answers):
        with transaction.atomic(durable=True):
            take_answers(answers=clear, now=now)
        return RefusedByPeer("coverage.value_unknown")
    take_effect(
        lambda: take_answers(answers=clear, now=now),
        lane=COVERAGE_LANE,
        lease=lease,
        timeout_s=TIMEOUT_S,
        now=now,
    )
    return Accepted(is_settled=True)


def _in_thread(do: Callable[..., T], *given: object) -> T:
    try:
        return do(*given)
    finally:
        close_old_connections()


COVERAGE_LANE = Lane(
    name=LANE,
    destination=CoverageDestination,
    title=marked("Insurance checks"),
    rate_per_s=20.0,
    burst_count=4,  # they count by the second: a larger burst is told to slow down
    concurrency_max=8,
    attempts_max=2_000,
    age_s_max=14 * 86_400.0,
    lease_s=45.0,
    retention_days=90,
    breaker_after_count=5,
    breaker_pause_s=5.0,
)
