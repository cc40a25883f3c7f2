"""Claims go to the insurers' message service, and what it holds for us is fetched: two lanes.

| the service says                                | claims            | answers            |
|-------------------------------------------------|-------------------|--------------------|
| taken (204); or an answer that fits             | accepted, fetch   | written, confirmed |
| 400, 404, 413, 422; an answer we cannot read    | refused           | refused            |
| nothing for us yet, or not everything           | -                 | later              |
| every line answered, all that is approved paid  | -                 | accepted           |
| 429 or 503                                      | later, as it asks | later, as it asks  |
| no certificate, no TLS, not authorised, nothing | later             | later              |

What is refused is our fault, or theirs: an operator looks. A repeat is harmless: `traceerId` is the
submission, and an answer taken before changes nothing. A message is confirmed there only after it
is committed here.
"""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django.db import InterfaceError, OperationalError, close_old_connections, transaction

from standvast.care.insurance.destinations.messages import (
    TIMEOUT_S,
    CannotTell,
    MessageService,
)
from standvast.care.insurance.exports.claim import AnswerUnreadable, ClaimExporter, answers_in
from standvast.care.insurance.exports.exporter import Outgoing
from standvast.care.insurance.operations.answered import (
    AnswerDoesNotFit,
    is_complete,
    take_claim_answers,
    take_payment,
)
from standvast.care.insurance.operations.submitting import ANSWERS, CLAIMS
from standvast.care.insurance.queries.outgoing import outgoing_of
from standvast.care.insurance.rules.answers import Specification
from standvast.care.insurance.rules.layouts import FieldWrong
from standvast.core.delivery.api import (
    Accepted,
    Lane,
    Lease,
    LeaseLost,
    Outcome,
    RefusedByPeer,
    TryLater,
    enqueue,
    take_effect,
)
from standvast.database.api import database_now
from standvast.kit.words import marked

T = TypeVar("T")


class _Of(msgspec.Struct):
    submission_id: uuid.UUID


class ClaimsDestination:
    """Hands in one submission as one message."""

    timeout_s = TIMEOUT_S

    def __init__(self, service: MessageService | None = None) -> None:
        self._service = service or MessageService()
        self._exporter = ClaimExporter()

    async def attempt(self, lease: Lease) -> Outcome:
        """Offer it. Never raises for anything the service or the network does."""
        try:
            submission_id = msgspec.convert(lease.payload, _Of).submission_id
            outgoing = await _in_thread(outgoing_of, submission_id)
            if outgoing is None:
                return RefusedByPeer("claims.no_such_submission")
            payload = await asyncio.to_thread(self._exporter.write, outgoing)
            await self._service.push(
                _metadata(outgoing), payload, media_type=self._exporter.media_type
            )
            await _in_thread(_fetch_from_now_on, lease, submission_id)
        except msgspec.ValidationError:
            return RefusedByPeer("claims.not_a_submission")
        except FieldWrong:
            return RefusedByPeer("claims.does_not_fit")
        except (OperationalError, InterfaceError, LeaseLost):
            return TryLater("claims.not_stored", peer_is_up=True)
        except CannotTell as error:
            return error.outcome
        return Accepted(is_settled=True)


class AnswersDestination:
    """Fetches what waits for one submission, until nothing more can come."""

    timeout_s = TIMEOUT_S

    def __init__(self, service: MessageService | None = None) -> None:
        self._service = service or MessageService()

    async def attempt(self, lease: Lease) -> Outcome:
        """Fetch. Never raises for anything the service or the network does."""
        try:
            submission_id = msgspec.convert(lease.payload, _Of).submission_id
            async with asyncio.timeout(self.timeout_s * 0.9):
                for message in await self._service.waiting(submission_id):
                    content = await self._service.payload_of(message)
                    await _in_thread(_take, submission_id, content)
                    await self._service.confirm(message)
            if await _in_thread(is_complete, submission_id):
                return Accepted(receipt="answered and paid")
        except msgspec.ValidationError:
            return RefusedByPeer("claims.not_a_submission")
        except (AnswerUnreadable, AnswerDoesNotFit):
            return RefusedByPeer("claims.answer_does_not_fit")
        except TimeoutError:
            return TryLater("claims.timed_out")
        except (OperationalError, InterfaceError):
            return TryLater("claims.not_stored", peer_is_up=True)
        except CannotTell as error:
            return error.outcome
        return TryLater("claims.awaited", peer_is_up=True)


def _metadata(outgoing: Outgoing) -> dict[str, Any]:
    return {
        "traceerId": str(outgoing.id),
        "conversatieId": str(outgoing.id),
        "referentieId": f"{outgoing.bundle_id}.{outgoing.version}",
        "berichttype": "claims",
        "berichtsubtype": "fhir",
        "berichtversie": "1",
        "actie": "indienen",
        "afzender": outgoing.asker,
        "geadresseerden": ["insurers"],
    }


def _fetch_from_now_on(lease: Lease, submission_id: uuid.UUID) -> None:
    """Settle what was taken together with the first question for answers."""
    now = database_now()
    take_effect(
        lambda: enqueue(
            lane=ANSWERS,
            subject=str(submission_id),
            key=str(submission_id),
            payload={"submission_id": str(submission_id)},
            now=now,
        ),
        lane=CLAIMS_LANE,
        lease=lease,
        timeout_s=TIMEOUT_S,
        now=now,
    )


@transaction.atomic(durable=True)
def _take(submission_id: uuid.UUID, content: bytes) -> None:
    told, now = answers_in(content), database_now()
    if isinstance(told, Specification):
        take_payment(submission_id=submission_id, paid=told, now=now)
    else:
        take_claim_answers(submission_id=submission_id, answers=told, now=now)


async def _in_thread(do: Callable[..., T], *given: object) -> T:
    def done() -> T:
        try:
            return do(*given)
        finally:
            close_old_connections()

    return await asyncio.to_thread(done)


CLAIMS_LANE = Lane(
    name=CLAIMS,
    destination=ClaimsDestination,
    title=marked("Claims"),
    rate_per_s=5.0,
    burst_count=5,
    concurrency_max=2,
    attempts_max=2_000,
    age_s_max=14 * 86_400.0,
    lease_s=60.0,
    retention_days=365,
    breaker_after_count=5,
    breaker_pause_s=5.0,
    holds_on_refusal=True,
)
ANSWERS_LANE = Lane(
    name=ANSWERS,
    destination=AnswersDestination,
    title=marked("Answers to claims"),
    rate_per_s=5.0,
    burst_count=5,
    concurrency_max=2,
    attempts_max=20_000,
    age_s_max=120 * 86_400.0,
    lease_s=60.0,
    retention_days=365,
    breaker_after_count=5,
    breaker_pause_s=5.0,
)
