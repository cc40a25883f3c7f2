"""What is counted: cells of months, quarters and the whole window, each of one practice. Pure."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS_COUNT = 15


class Measure(StrEnum):
    """What a cell counts."""

    DONE = "done"
    """Activities."""
    ENROLLED = "enrolled"
    """Enrolments in a programme at the end of a month; `path` is empty."""


def months_later(day: date, count: int) -> date:
    """Return the first day of the month `count` months after the one in which `day` lies."""
    month = day.year * 12 + day.month - 1 + count
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Months that are over, from the first day of one until that of another (half open)."""

    first_on: date
    until_on: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month."""
        return tuple(_months(self.first_on, self.until_on))

    @property
    def quarters(self) -> tuple[date, ...]:
        """The first day of each quarter that lies in it whole."""
        return tuple(
            month
            for month in self.months
            if month.month % 3 == 1 and months_later(month, 3) <= self.until_on
        )


def window_at(today: date) -> Window:
    """Return the fifteen months that are over: the running one changes by the day."""
    until_on = today.replace(day=1)
    return Window(months_later(until_on, -MONTHS_COUNT), until_on)


def _months(first_on: date, until_on: date) -> Iterator[date]:
    month = first_on
    while month < until_on:
        yield month
        month = months_later(month, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """What was counted of one activity of one practice, from one month until another (half open).

    `path` is the activity's code below those of the groups it belongs to, broadest first:
    `("C09", "C09A")`. `people` are different people, so a quarter's are not the sum of its months'.
    """

    organisation_id: uuid.UUID
    measure: Measure
    programme: str
    path: tuple[str, ...]
    from_on: date
    until_on: date
    count: int
    people: int
    is_rounded: bool = False
    """Whether `count` is lower than what was counted."""

    @property
    def series(self) -> tuple[uuid.UUID, Measure, str, tuple[str, ...]]:
        """What the cell is about, whenever."""
        return (self.organisation_id, self.measure, self.programme, self.path)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each of its months."""
        return tuple(_months(self.from_on, self.until_on))

    @property
    def is_month(self) -> bool:
        """Whether it is about one month."""
        return months_later(self.from_on, 1) == self.until_on
