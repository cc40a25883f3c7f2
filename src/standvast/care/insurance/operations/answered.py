"""What the insurers said to claims is written to the lines, and what they paid beside them."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from standvast.care.insurance.models import Bundle, Line, Payment, PaymentRow, Submission
from standvast.care.insurance.operations.preparing import settle_state
from standvast.care.insurance.queries.claims import PACKAGE
from standvast.care.insurance.rules.answers import REASONS, LineAnswer, Specification, fits
from standvast.care.insurance.rules.claims import LineState
from standvast.care.insurance.told import bundle_entry
from standvast.core.journal.api import record
from standvast.database.api import as_json, named_sql
from standvast.kit.actor import house_actor


class AnswerDoesNotFit(Exception):
    """An answer is about a line that is not in this message, or about another amount."""


def take_claim_answers(
    *, submission_id: uuid.UUID, answers: Iterable[LineAnswer], now: datetime
) -> int:
    """Write what was said to the lines of a message; return how many were new.

    Answers may come in parts and more than once: a line that was answered keeps its answer.

    :raises AnswerDoesNotFit: if one is not about this message, or two in one breath say different
        things of a line; nothing is kept then.
    """
    bundle = _locked(submission_id)
    lines = {
        line.id: line
        for line in Line.objects.select_for_update(no_key=True).filter(submission=submission_id)
    }
    said: dict[uuid.UUID, LineAnswer] = {}
    for answer in answers:
        line = lines.get(answer.line_id)
        if line is None or not fits(line.cents, answer.approved_cents):
            raise AnswerDoesNotFit
        if said.setdefault(answer.line_id, answer) != answer:
            raise AnswerDoesNotFit
    written = [
        _row(lines[answer.line_id], answer)
        for answer in said.values()
        if lines[answer.line_id].answered_at is None
    ]
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "answers"), {"answers": as_json(written), "now": now})
    _tell(bundle, "insurance.answers_taken", len(written), now)
    return len(written)


def _row(line: Line, answer: LineAnswer) -> dict[str, object]:
    """Return what `sql/answers.sql` takes."""
    is_approved = answer.approved_cents != 0 or line.cents == 0
    reason = answer.reason if answer.reason in REASONS else "other"
    return {
        "id": line.id,
        "state": (LineState.APPROVED if is_approved else LineState.REJECTED).value,
        "approved_cents": answer.approved_cents,
        "reason": reason if answer.approved_cents != line.cents else "",
    }


def take_payment(*, submission_id: uuid.UUID, paid: Specification, now: datetime) -> None:
    """Write down a payment with what it is for; told again it is the same one.

    :raises AnswerDoesNotFit: if it names a line that is not in this message, was not answered or is
        paid already, or names it twice; or if another payment came under its number.
    """
    bundle = _locked(submission_id)
    if (known := Payment.objects.filter(message_id=paid.message_id).first()) is not None:
        told = {(row.line_id, row.cents) for row in paid.rows}
        if known.bundle_id != bundle.id or _rows_of(known) != told:
            raise AnswerDoesNotFit
        return
    ids = [row.line_id for row in paid.rows]
    lines = Line.objects.filter(submission=submission_id, paid__isnull=True).in_bulk(ids)
    if len(set(ids)) != len(ids):
        raise AnswerDoesNotFit
    for row in paid.rows:
        line = lines.get(row.line_id)
        if line is None or line.approved_cents != row.cents:
            raise AnswerDoesNotFit
    made = Payment.objects.create(
        bundle=bundle,
        message_id=paid.message_id,
        reference=paid.reference,
        paid_on=paid.paid_on,
        cents=paid.cents,
    )
    PaymentRow.objects.bulk_create(
        [PaymentRow(payment=made, line_id=row.line_id, cents=row.cents) for row in paid.rows]
    )
    _tell(bundle, "insurance.paid", len(paid.rows), now)


def _rows_of(payment: Payment) -> set[tuple[uuid.UUID, int]]:
    return set(payment.rows.values_list("line_id", "cents"))


def is_complete(submission_id: uuid.UUID) -> bool:
    """Whether every line of a message was answered, and all that was approved was paid."""
    lines = Line.objects.filter(submission=submission_id)
    unpaid = lines.filter(paid__isnull=True).exclude(approved_cents=0)
    return not lines.filter(answered_at__isnull=True).exists() and not unpaid.exists()


def _locked(submission_id: uuid.UUID) -> Bundle:
    assert connection.in_atomic_block, "answers are committed together"
    bundle_id = Submission.objects.values_list("bundle_id", flat=True).get(id=submission_id)
    return Bundle.objects.select_for_update(no_key=True).get(id=bundle_id)


def _tell(bundle: Bundle, event: str, count: int, now: datetime) -> None:
    settle_state(bundle)
    actor = house_actor(bundle.organisation_id)
    record(bundle_entry(actor, bundle.id, "U", event, now, lines=count))
