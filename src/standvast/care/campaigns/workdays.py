"""Working days of a region: no Saturday, no Sunday, no public holiday. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from standvast.kit.workdays import is_working_day

SPAN_DAYS_MAX = 3_660


def working_days(first: date, *, count: int, region: str) -> list[date]:
    """Return the first `count` working days from `first` on, `first` included."""
    found: list[date] = []
    for on in _dates(first, step=1):
        if len(found) == count:
            break
        if is_working_day(on, region=region):
            found.append(on)
    return found


def last_change_on(delivery_on: date, *, days_min: int, region: str) -> date:
    """Return the last date on which an order may be changed: `days_min` working days before."""
    left = days_min
    if left == 0:
        return delivery_on
    for on in _dates(delivery_on - timedelta(days=1), step=-1):
        if is_working_day(on, region=region):
            left -= 1
            if left == 0:
                return on
    raise AssertionError("unreachable: every span has working days")


def _dates(first: date, *, step: int) -> Iterator[date]:
    for count in range(SPAN_DAYS_MAX):
        yield first + timedelta(days=step * count)
