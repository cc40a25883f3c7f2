"""The rota: who holds which role now and next, and the hours in which nobody does."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from standvast.desk.incidents.models import Duty
from standvast.desk.incidents.models.duty import DUTY_ROLES

AHEAD = timedelta(hours=48)
DUTIES_MAX = 200


@dataclass(frozen=True)
class DutyRow:
    """One duty."""

    id: uuid.UUID
    role: str
    name: str
    address: str
    from_at: datetime
    until_at: datetime
    is_now: bool


@dataclass(frozen=True)
class Gap:
    """A span within the next 48 hours in which nobody holds a role."""

    role: str
    from_at: datetime
    until_at: datetime


def duties(now: datetime) -> tuple[DutyRow, ...]:
    """Return the duties that still run or are to come, soonest first."""
    rows = Duty.objects.filter(until_at__gt=now).select_related("person").order_by("from_at")
    return tuple(
        DutyRow(
            id=duty.id,
            role=duty.role,
            name=duty.person.get_full_name(),
            address=duty.address,
            from_at=duty.from_at,
            until_at=duty.until_at,
            is_now=duty.from_at <= now,
        )
        for duty in rows[:DUTIES_MAX]
    )


def gaps(now: datetime) -> tuple[Gap, ...]:
    """Return the spans of the next 48 hours in which nobody can be paged in a role."""
    end = now + AHEAD
    held = Duty.objects.filter(until_at__gt=now, from_at__lt=end).order_by("from_at")
    spans = list(held.values_list("role", "from_at", "until_at")[:DUTIES_MAX])
    found = []
    for role in DUTY_ROLES:
        at = now
        for _, from_at, until_at in (span for span in spans if span[0] == role):
            if from_at > at:
                found.append(Gap(role, at, from_at))
            at = max(at, until_at)
        if at < end:
            found.append(Gap(role, at, end))
    return tuple(found)
