"""Quarters of a year, as claims know them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from standvast.kit.errors import NotFound
from standvast.kit.words import marked

FIRST_YEAR, LAST_YEAR = 2000, 2199
_WRITTEN = re.compile(r"([0-9]{4})-([1-4])", re.ASCII)


class NoSuchQuarter(NotFound):
    """This names no quarter."""

    code = "insurance.no_such_quarter"


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """Three months. Written `2026-3`."""

    year: int
    number: int

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.after.first_on - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    @property
    def after(self) -> "Quarter":
        """The quarter after it."""
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


def quarter_of(on: date) -> Quarter:
    """Return the quarter in which a day lies."""
    return Quarter(on.year, (on.month + 2) // 3)


def quarter_written(text: str) -> Quarter:
    """Return the quarter that is written so.

    :raises NoSuchQuarter: if it is none.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise NoSuchQuarter(marked("There is no such quarter."))
    return Quarter(int(found[1]), int(found[2]))


def last_quarters(on: date, count: int) -> Iterator[Quarter]:
    """Yield the quarter of a day and those before it, `count` in all, newest first."""
    quarter = quarter_of(on)
    for _ in range(count):
        yield quarter
        quarter = quarter.before
