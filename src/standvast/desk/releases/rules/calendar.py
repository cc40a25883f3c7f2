"""When people are at work and when they are away for long: windows, Fridays, eves of holidays."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from standvast.kit.words import marked
from standvast.kit.workdays import is_holiday

ZONE = ZoneInfo("Europe/Amsterdam")
OPENS, CLOSES = time(7, 0), time(18, 0)
FRIDAY = 4
AHEAD_MAX = timedelta(days=60)
STEP = timedelta(minutes=30)


@dataclass(frozen=True)
class Calendar:
    """The days of the customers: their zone, and whose public holidays count."""

    zone: ZoneInfo = ZONE
    regions: Collection[str] = ("nl",)

    def is_service(self, at: datetime) -> bool:
        """Whether people are at work: a working day, from 07:00 until 18:00."""
        local = at.astimezone(self.zone)
        return self._works(local.date()) and OPENS <= local.time() < CLOSES

    def pause(self, at: datetime) -> str:
        """Return why nobody would be there to help for days after this; empty: they would.

        Friday until Monday 07:00, and the eve of a public holiday until 07:00 of the next
        working day.
        """
        local = at.astimezone(self.zone)
        day = local.date()
        if self._works(day) and local.time() < OPENS and not self._works(day - _DAY):
            return marked("It is before 07:00 on the first day people work again.")
        if self._is_free(day):
            return marked("It is a public holiday.")
        if self._is_free(day + _DAY):
            return marked("It is the eve of a public holiday.")
        if day.weekday() == FRIDAY:
            return marked("It is Friday: what breaks now stays broken over the weekend.")
        if day.weekday() > FRIDAY:
            return marked("It is the weekend.")
        return ""

    def day_of(self, at: datetime) -> str:
        """Return the local date of an instant, as evidence names it."""
        return at.astimezone(self.zone).date().isoformat()

    def next_window(self, at: datetime) -> datetime:
        """Return the first half hour from `at` on in which a release may start."""
        whole = at.replace(minute=0, second=0, microsecond=0)
        candidate = whole
        while candidate < at or self.is_service(candidate) or self.pause(candidate):
            candidate += STEP
            assert candidate - whole < AHEAD_MAX, "people work at least once in two months"
        return candidate

    def _works(self, day: date) -> bool:
        return day.weekday() <= FRIDAY and not self._is_free(day)

    def _is_free(self, day: date) -> bool:
        return is_holiday(day, regions=self.regions)


_DAY = timedelta(days=1)
