"""Working days of the Netherlands and Belgium: no Saturday, no Sunday, no public holiday."""

from collections.abc import Collection
from datetime import date
from functools import cache

import holidays

COUNTRIES = {"nl": "NL", "be": "BE"}


@cache
def _holidays(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(COUNTRIES[region], years=year))


def is_holiday(on: date, *, regions: Collection[str]) -> bool:
    """Whether this date is a public holiday in one of these regions."""
    return any(on in _holidays(region, on.year) for region in regions)


def is_working_day(on: date, *, region: str) -> bool:
    """Whether people work on this date in this region."""
    return on.weekday() < 5 and not is_holiday(on, regions=(region,))
