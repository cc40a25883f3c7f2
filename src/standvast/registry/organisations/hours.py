"""When an organisation is open, by its kind: our choice, until each writes down its own. Pure.

Nobody outside says so. A practice, pharmacy, care organisation, supplier or office works on working
days; a post is open exactly when practices are not; a hospital and the platform never close.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from standvast.registry.organisations.rules import Country, Kind

ZONES: Mapping[Country, ZoneInfo] = {
    Country.NL: ZoneInfo("Europe/Amsterdam"),
    Country.BE: ZoneInfo("Europe/Brussels"),
}
WORKING_HOURS: Mapping[Kind, tuple[time, time]] = {
    Kind.PRACTICE: (time(8, 0), time(17, 0)),
    Kind.PHARMACY: (time(8, 30), time(17, 30)),
    Kind.CARE: (time(8, 30), time(17, 0)),
    Kind.SUPPLIER: (time(8, 30), time(17, 0)),
    Kind.OFFICE: (time(8, 30), time(17, 0)),
}
NEVER_CLOSED = frozenset({Kind.HOSPITAL, Kind.PLATFORM})
DAYS_AROUND = 14
"""No row of weekend and holidays is longer."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of being open, half open."""

    from_at: datetime
    until_at: datetime | None
    """`None`: it never closes."""


@lru_cache(maxsize=64)
def opening_at(kind: Kind, country: Country, at: datetime) -> Opening:
    """Return the opening that holds this instant, else the next one."""
    if kind in NEVER_CLOSED:
        return Opening(at, None)
    if kind is Kind.POST:
        stretches = _stretches(Kind.PRACTICE, country, at)
        return next(
            Opening(before.until_at, after.from_at)
            for before, after in pairwise(stretches)
            if at < after.from_at and before.until_at is not None
        )
    return next(
        found
        for found in _stretches(kind, country, at)
        if found.until_at is not None and at < found.until_at
    )


def _stretches(kind: Kind, country: Country, at: datetime) -> Iterator[Opening]:
    """Yield the openings of the weeks around an instant, in order."""
    opens, closes = WORKING_HOURS[kind]
    zone = ZONES[country]
    today = at.astimezone(zone).date()
    for days in range(-DAYS_AROUND, DAYS_AROUND + 1):
        on = today + timedelta(days=days)
        if on.weekday() < 5 and on not in _holidays(country, on.year):
            yield Opening(
                datetime.combine(on, opens, zone).astimezone(UTC),
                datetime.combine(on, closes, zone).astimezone(UTC),
            )


@cache
def _holidays(country: Country, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country.value, years=year))
