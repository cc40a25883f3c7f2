"""Reads: how lanes stand, what became of one delivery. Frozen rows, never a payload."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from standvast.core.delivery.lanes import LANES, Lane, lane_of
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.rules import Breaker, Flow, State, opens_next_at, per_minute
from standvast.database.api import named_sql
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked

LIST_COUNT_MAX = 100


class LaneNotFound(NotFound):
    """This installation has no such lane."""

    code = "delivery.lane_not_found"


class DeliveryNotFound(NotFound):
    """There is no such delivery."""

    code = "delivery.not_found"


@dataclass(frozen=True)
class LaneView:
    """How one lane stands."""

    name: str
    title: str
    is_wired: bool
    """Whether a courier of this installation drains it."""
    depth_count: int
    counted_at: datetime | None
    oldest_at: datetime | None
    oldest_age_s: float
    held_count: int
    """Subjects on which something stands behind something else."""
    under_way_count: int
    needs_person_count: int
    """Refused and not yet taken up by a person; 1000 stands for that many or more."""
    rate_per_minute: float
    accepted_count: int
    refused_count: int
    later_count: int
    answered_at: datetime | None
    answer: str
    reason_code: str
    breaker: Breaker
    probes_at: datetime | None
    is_paused: bool
    paused_at: datetime | None
    paused_by: uuid.UUID | None
    paused_why: str
    exercise: bool


@dataclass(frozen=True)
class DeliveryView:
    """One delivery, without what it carries."""

    id: int
    lane: str
    key: str
    subject: str
    state: State
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts_count: int
    reason_code: str
    receipt: str
    handed_to: str
    note: str
    is_purged: bool


def lane_views(now: datetime) -> list[LaneView]:
    """Return how every lane stands: the wired ones in their order, then what nobody drains."""
    rows = {row["lane"]: row for row in _rows("lane_views", lane=None)}
    lanes = {lane.name: lane for lane in wired(LANES)}
    names = [*lanes, *sorted(rows.keys() - lanes.keys())]
    return [_view(name, lanes.get(name), rows.get(name), now) for name in names]


def lane_view(name: str, now: datetime) -> LaneView:
    """Return how one lane stands.

    :raises LaneNotFound: if there is none of this name.
    """
    lane = lane_of(name)
    row = next(iter(_rows("lane_views", lane=name)), None)
    if lane is None and row is None:
        raise LaneNotFound(marked("There is no such lane."))
    return _view(name, lane, row, now)


def needs_person(lane: str) -> list[DeliveryView]:
    """Return what was refused and nobody has taken up, newest first; at most 100."""
    found = Delivery.objects.filter(lane=lane, state=State.REFUSED.value, handed_to="")
    return [_delivery(row) for row in found.order_by("-settled_at")[:LIST_COUNT_MAX]]


def needs_person_count() -> int:
    """Return how many deliveries need a person, over all lanes; 1000 stands for more."""
    found = Delivery.objects.filter(state=State.REFUSED.value, handed_to="")
    return found[:1000].count()


def handed_over(lane: str) -> list[DeliveryView]:
    """Return what people took up, newest first; at most 100."""
    found = Delivery.objects.filter(lane=lane, state=State.REFUSED.value).exclude(handed_to="")
    return [_delivery(row) for row in found.order_by("-settled_at")[:LIST_COUNT_MAX]]


def next_deliveries(lane: str) -> list[dict[str, Any]]:
    """Return what the lane attempts next, at most 100, urgent first."""
    return _rows("next_deliveries", lane=lane, count_max=LIST_COUNT_MAX)


def delivery_view(delivery_id: int) -> DeliveryView:
    """Return one delivery.

    :raises DeliveryNotFound: if there is none of this number.
    """
    row = Delivery.objects.filter(id=delivery_id).defer("payload").first()
    if row is None:
        raise DeliveryNotFound(marked("There is no such delivery."))
    return _delivery(row)


def receipt_of(lane: str, key: str) -> DeliveryView | None:
    """Return what became of a delivery, for the receipt line; None if it was never handed in."""
    row = Delivery.objects.filter(lane=lane, key=key).defer("payload").first()
    return _delivery(row) if row is not None else None


def receipts_of(lane: str, keys: Sequence[str]) -> dict[str, DeliveryView]:
    """Return what became of deliveries by key; at most 500 keys."""
    assert len(keys) <= 500, "ask for a page at a time"
    found = Delivery.objects.filter(lane=lane, key__in=keys).defer("payload")
    return {row.key: _delivery(row) for row in found}


def _rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, name), parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _delivery(row: Delivery) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        lane=row.lane,
        key=row.key,
        subject=row.subject,
        state=State(row.state),
        created_at=row.created_at,
        due_at=row.due_at,
        settled_at=row.settled_at,
        attempts_count=row.attempts_count,
        reason_code=row.reason_code,
        receipt=row.receipt,
        handed_to=row.handed_to,
        note=row.note,
        is_purged=row.is_purged,
    )


def _view(name: str, lane: Lane | None, row: dict[str, Any] | None, now: datetime) -> LaneView:
    row = row or _EMPTY
    flow = Flow(
        breaker=Breaker(row["breaker"]),
        opened_at=row["opened_at"],
        openings_count=row["openings_count"],
    )
    oldest_at = row["oldest_at"]
    age = now - oldest_at if oldest_at is not None else timedelta()
    return LaneView(
        name=name,
        title=lane.title if lane else name,
        is_wired=lane is not None,
        depth_count=row["depth_count"],
        counted_at=row["depth_at"],
        oldest_at=oldest_at,
        oldest_age_s=max(0.0, age.total_seconds()),
        held_count=row["held_count"],
        under_way_count=row["under_way_count"],
        needs_person_count=row["needs_person_count"],
        rate_per_minute=per_minute(
            row["minute_at"], row["minute_count"], row["minute_before_count"], now=now
        ),
        accepted_count=row["accepted_count"],
        refused_count=row["refused_count"],
        later_count=row["later_count"],
        answered_at=row["answered_at"],
        answer=row["answer"],
        reason_code=row["reason_code"],
        breaker=flow.breaker,
        probes_at=opens_next_at(flow, lane.bounds) if lane else None,
        is_paused=row["is_paused"],
        paused_at=row["paused_at"],
        paused_by=row["paused_by"],
        paused_why=row["paused_why"],
        exercise=bool(lane and lane.exercise),
    )


_EMPTY: dict[str, Any] = {
    "breaker": Breaker.CLOSED.value,
    "opened_at": None,
    "openings_count": 0,
    "oldest_at": None,
    "depth_count": 0,
    "depth_at": None,
    "held_count": 0,
    "under_way_count": 0,
    "needs_person_count": 0,
    "minute_at": None,
    "minute_count": 0,
    "minute_before_count": 0,
    "accepted_count": 0,
    "refused_count": 0,
    "later_count": 0,
    "answered_at": None,
    "answer": "",
    "reason_code": "",
    "is_paused": False,
    "paused_at": None,
    "paused_by": None,
    "paused_why": "",
}
