"""On which day it fits. Pure."""

from dataclasses import dataclass
from datetime import date

from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked


class DayUnknown(Invalid):
    """Nothing is delivered on that date."""

    code = "campaigns.day_unknown"


class DayClosed(Refused):
    """The programme office closed this day."""

    code = "campaigns.day_closed"


class DayFull(Refused):
    """What is asked for does not fit on this day any more."""

    code = "campaigns.day_full"


@dataclass(slots=True)
class Day:
    """A delivery day as locked; a batch counts in it while it decides."""

    id: int
    season_id: int
    on: date
    doses_max: int
    doses_taken: int
    addresses_max: int
    addresses_taken: int
    is_closed: bool
    version: int

    @property
    def doses_left(self) -> int:
        return self.doses_max - self.doses_taken

    @property
    def addresses_left(self) -> int:
        return self.addresses_max - self.addresses_taken


def check_day(day: Day | None, *, today: date) -> Day:
    """Return the day if one may still ask for it.

    :raises DayUnknown, DayClosed: if not.
    """
    if day is None or day.on <= today:
        raise DayUnknown(marked("Nothing is delivered on that date. Pick a day in the calendar."))
    if day.is_closed:
        raise DayClosed(marked("This day is closed. Pick another day."))
    return day


def check_fits(day: Day, *, doses: int, is_new_address: bool) -> None:
    """Pass if the doses and, when new on this day, the address still fit.

    :raises DayFull: with what is left.
    """
    if doses > day.doses_left:
        raise DayFull(
            marked("On this day {left} doses are left, fewer than you asked for."),
            left=day.doses_left,
        )
    if is_new_address and day.addresses_left < 1:
        raise DayFull(marked("On this day every delivery address is taken. Pick another day."))
