"""Recording answers: what each leaves behind in its row, and what it says about the peer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

import psycopg

from standvast.core.delivery.lanes import Lane
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.rules import (
    GAVE_UP,
    Breaker,
    Flow,
    State,
    answered,
    asked_until,
    due_again,
    is_given_up,
)
from standvast.core.delivery.values import (
    REASON_CHARACTERS_MAX,
    RECEIPT_CHARACTERS_MAX,
    Accepted,
    Lease,
    Outcome,
    RefusedByPeer,
    TryLater,
)
from standvast.database.api import named_sql

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
WOKEN_COUNT_MAX = 5_000
"""Deliveries that have their next attempt at once when their peer answers again."""
_ODD = re.compile(r"[^A-Za-z0-9_.:-]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt."""

    lease: Lease
    outcome: Outcome
    is_ours: bool = False
    """Our own verdict, which says nothing about the peer."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a set of answers changed."""

    believed_ids: frozenset[int]
    accepted_count: int
    refused_count: int
    later_count: int
    flow: Flow
    last: Outcome | None
    """The peer's last answer that counted."""
    has_recovered: bool
    """Whether these answers closed the lane's breaker."""


async def settle(
    conn: Connection,
    lane: Lane,
    flow: Flow,
    answers: Sequence[Answer],
    *,
    now: datetime,
    jitter: Callable[[], float],
) -> Settled:
    """Record answers under the lane's lock; one whose lease was lost changes nothing."""
    parameters = settle_parameters(lane, answers, now, jitter)
    cursor = await conn.execute(named_sql(PACKAGE, "settle"), parameters, binary=True)
    done = settled(lane, flow, answers, await cursor.fetchall(), now=now)
    if done.has_recovered:
        await conn.execute(named_sql(PACKAGE, "wake_waiting"), wake_parameters(lane, now))
    return done


def wake_parameters(lane: Lane, now: datetime) -> dict[str, object]:
    """Return what `sql/wake_waiting.sql` takes."""
    return {"lane": lane.name, "now": now, "count_max": WOKEN_COUNT_MAX}


def settled(
    lane: Lane,
    flow: Flow,
    answers: Sequence[Answer],
    rows: Sequence[tuple[Any, ...]],
    *,
    now: datetime,
) -> Settled:
    """Return what the rows that were written say of the answers and of the peer."""
    believed_ids = frozenset(row[0] for row in rows)
    states = [State(row[1]) for row in rows]
    heard = [a for a in answers if not a.is_ours and a.lease.delivery_id in believed_ids]
    faults = sum(isinstance(a.outcome, TryLater) and not a.outcome.peer_is_up for a in heard)
    after = answered(
        flow, lane.bounds, alive_count=len(heard) - faults, faults_count=faults, now=now
    )
    return Settled(
        believed_ids=believed_ids,
        accepted_count=states.count(State.ACCEPTED),
        refused_count=states.count(State.REFUSED),
        later_count=states.count(State.WAITING),
        flow=after,
        last=heard[-1].outcome if heard else None,
        has_recovered=flow.breaker is not Breaker.CLOSED and after.breaker is Breaker.CLOSED,
    )


def settle_parameters(
    lane: Lane, answers: Sequence[Answer], now: datetime, jitter: Callable[[], float]
) -> dict[str, object]:
    """Return what `sql/settle.sql` takes."""
    columns = [_column(lane, answer, now, jitter) for answer in answers]
    states, opens, dues, reasons, receipts = zip(*columns, strict=True)
    asked = [_not_before(answer, now) for answer in answers]
    return {
        "ids": [answer.lease.delivery_id for answer in answers],
        "tokens": [answer.lease.token for answer in answers],
        "states": list(states),
        "opens": list(opens),
        "dues": list(dues),
        "not_befores": asked,
        "reasons": list(reasons),
        "receipts": list(receipts),
        "now": now,
    }


def named(outcome: Outcome) -> tuple[str, str]:
    """Return an answer's word and its reason, as the lane's row shows the last one."""
    match outcome:
        case Accepted():
            return "accepted", ""
        case RefusedByPeer():
            return "refused", _code(outcome.reason_code)
        case TryLater():
            return "later", _code(outcome.reason_code)
        case _:
            assert_never(outcome)


def _column(
    lane: Lane, answer: Answer, now: datetime, jitter: Callable[[], float]
) -> tuple[str, bool, datetime, str, str]:
    """Return state, is_open, due_at, reason and receipt as one answer leaves them."""
    lease = answer.lease
    match answer.outcome:
        case Accepted(receipt):
            return State.ACCEPTED.value, False, now, "", _safe(receipt)
        case RefusedByPeer(code):
            return State.REFUSED.value, lane.holds_on_refusal, now, _code(code), ""
        case TryLater(code) as later:
            if is_given_up(
                attempts_count=lease.attempts_count,
                owed_at=lease.owed_at,
                now=now,
                attempts_max=lane.attempts_max,
                age_s_max=lane.age_s_max,
            ):
                return State.REFUSED.value, lane.holds_on_refusal, now, GAVE_UP, _code(code)
            due_at = now
            if not answer.is_ours:
                due_at = due_again(
                    later, attempts_count=lease.attempts_count, now=now, jitter=jitter()
                )
            return State.WAITING.value, True, due_at, _code(code), ""
        case _:
            assert_never(answer.outcome)


def _not_before(answer: Answer, now: datetime) -> datetime | None:
    """Return until when the peer asked us to wait, if it did."""
    if answer.is_ours or not isinstance(answer.outcome, TryLater):
        return None
    return asked_until(answer.outcome, now=now)


def _safe(text: str) -> str:
    """Return a peer's words as the database takes them: no NUL, no half characters, bounded."""
    whole = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return whole[:RECEIPT_CHARACTERS_MAX]


def _code(text: str) -> str:
    return _ODD.sub("_", text)[:REASON_CHARACTERS_MAX] or "delivery.no_reason"
