"""When a practice's coverage is asked anew, of whom, and how much at a time. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")

SEARCHES_MAX = 20
"""Questions that the insurers take in one message."""
NIGHT_FROM, NIGHT_UNTIL = time(1, 0), time(6, 0)
"""Between these, by the clock of the region, a practice's coverage is asked by itself."""
BY_HAND_HOURS_MAX = 12
"""One that somebody asked for ends then, however far it has come."""
AHEAD_MAX = 100
"""Messages on the lane past which no more are added: it is theirs, too, who ask about one."""
STEP_PATIENTS = 500
"""Patients that are looked at in one transaction."""
BEGUN_AT_ONCE_MAX = 20
"""Practices that are begun in one go of the watch; the next go begins the next."""
KEPT_FOR = timedelta(days=90)
"""How long it is kept that a night was; what the insurers answered is kept as evidence."""


class Ended(StrEnum):
    """How a night came to its end."""

    DONE = "done"
    """Every patient was looked at."""
    TIME = "time"
    """Its time was over; whom it did not reach is asked the next night."""


def is_night(local: time) -> bool:
    """Whether coverage is asked by itself at this hour of the region."""
    return NIGHT_FROM <= local < NIGHT_UNTIL


def is_over(*, begun_at: datetime, now: datetime, local: time, is_by_hand: bool) -> bool:
    """Whether a night that is not done must end all the same."""
    if is_by_hand:
        return now - begun_at >= timedelta(hours=BY_HAND_HOURS_MAX)
    return not is_night(local) or now - begun_at >= timedelta(hours=BY_HAND_HOURS_MAX)


def in_messages(questions: Sequence[T]) -> list[Sequence[T]]:
    """Return questions in messages of 1 to 20."""
    return [
        questions[first : first + SEARCHES_MAX] for first in range(0, len(questions), SEARCHES_MAX)
    ]
