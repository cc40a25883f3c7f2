"""Delivery days laid out as months of weeks, Monday to Friday, for the calendar. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from standvast.care.campaigns.rules import Day


@dataclass(frozen=True, slots=True)
class Cell:
    """One delivery day in the calendar."""

    on: date
    state: str
    doses_left: int
    addresses_left: int
    doses_max: int
    addresses_max: int

    @property
    def is_free(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its weeks; a week has five places, empty where nothing is delivered."""

    first_on: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def state_of(day: Day, *, step: int, today: date) -> str:
    """Return what the calendar says of a day: open, full_doses, full_addresses, closed, past."""
    if day.on <= today:
        return "past"
    if day.is_closed:
        return "closed"
    if day.doses_left < step:
        return "full_doses"
    return "open" if day.addresses_left > 0 else "full_addresses"


def months_of(days: Sequence[Day], *, step: int, today: date) -> tuple[Month, ...]:
    """Return the months in which anything is delivered."""
    cells = {
        day.on: Cell(
            day.on,
            state_of(day, step=step, today=today),
            day.doses_left,
            day.addresses_left,
            day.doses_max,
            day.addresses_max,
        )
        for day in days
    }
    firsts = sorted({on.replace(day=1) for on in cells})
    return tuple(Month(first, _weeks(first, cells)) for first in firsts)


def _weeks(first: date, cells: dict[date, Cell]) -> tuple[tuple[Cell | None, ...], ...]:
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= first or monday.month == first.month:
        dates = [monday + timedelta(days=offset) for offset in range(5)]
        week = tuple(cells.get(on) if on.month == first.month else None for on in dates)
        if any(week):
            weeks.append(week)
        monday += timedelta(days=7)
    return tuple(weeks)
