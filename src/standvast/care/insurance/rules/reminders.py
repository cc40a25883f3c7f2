"""When an organisation is reminded of a quarter that is over, and of what. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from standvast.care.insurance.rules.quarters import Quarter, quarter_of

TOLD_FROM, TOLD_UNTIL = time(8, 0), time(18, 0)
"""By the clock of the region, on a working day: a mail of ours wakes nobody."""
WITHIN_DAYS = 45
"""After this a quarter is not new to anybody: who comes to claim later is not reminded of it."""
AT_ONCE_MAX = 20
"""Organisations in one go of the watch; the next go takes the next."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What of a programme is still to be claimed, in people."""

    programme: str
    people_count: int
    ready_count: int
    waiting_count: int
    """Of whom something waits for a decision or an answer; they may be ready for the rest."""


def quarter_to_remind_of(local: datetime) -> Quarter | None:
    """Return the quarter that people are reminded of at this hour of the region; mostly none."""
    quarter = quarter_of(local.date()).before
    if local.weekday() >= SATURDAY or not TOLD_FROM <= local.time() < TOLD_UNTIL:
        return None
    return quarter if (local.date() - quarter.last_on).days <= WITHIN_DAYS else None


def people_of(outstanding: Iterable[Outstanding]) -> int:
    """Return how many people that is; who is in two programmes counts in each."""
    return sum(one.people_count for one in outstanding)
