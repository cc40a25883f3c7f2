"""How lanes and deliveries are shown: frozen rows, never a payload."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from standvast.core.delivery.lanes import Lane
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.rules import Breaker, Flow, State, opens_next_at, per_minute


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


def delivery_of(row: Delivery) -> DeliveryView:
    """Return a delivery as it is shown."""
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


def view_of(name: str, lane: Lane | None, row: dict[str, Any] | None, now: datetime) -> LaneView:
    """Return a lane as it is shown; `row` is None before any courier ran."""
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
