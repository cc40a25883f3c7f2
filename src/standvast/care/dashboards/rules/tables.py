"""What was asked for, and the tables that answer: sums of cells that may be shown. Pure."""

import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from standvast.care.dashboards.rules.cells import Cell, Measure, Window
from standvast.care.dashboards.rules.hiding import shown

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, which hold for every table. Empty programme and path: all of them."""

    organisation_ids: frozenset[uuid.UUID]
    period: Window
    programme: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it may be shown; None is one about too few people."""

    value: int | None
    is_all: bool
    """Nothing that was asked for is hidden and so left out."""


@dataclass(frozen=True, slots=True)
class Line(Generic[KeyT]):
    """One row of a table."""

    key: KeyT
    number: Number


@dataclass(frozen=True)
class Board:
    """Everything that a dashboard shows."""

    total: Number
    by_month: tuple[Line[date], ...]
    enrolled: tuple[Line[date], ...]
    by_programme: tuple[Line[str], ...]
    by_activity: tuple[Line[tuple[str, ...]], ...]
    by_practice: tuple[Line[uuid.UUID], ...]


def board_of(cells: Sequence[Cell], window: Window, asked: Asked) -> Board:
    """Return the tables for what was asked, of cells counted over the whole window.

    What may be shown is decided over the whole window first, whatever was asked: a filter picks,
    and never shows more.
    """
    may = shown(cells, window)
    done = _Part(cells, may, asked, Measure.DONE, asked.path)
    enrolled = _Part(cells, may, asked, Measure.ENROLLED, ())
    depth = len(asked.path) + 1
    return Board(
        total=done.number(),
        by_month=_monthly(done, asked.period),
        enrolled=_monthly(enrolled, asked.period),
        by_programme=done.lines(lambda cell: cell.programme),
        by_activity=done.lines(lambda cell: cell.path[:depth]),
        by_practice=done.lines(lambda cell: cell.organisation_id),
    )


class _Part:
    """The cells of one measure that were asked for: all of them by month, and those to show."""

    def __init__(
        self,
        cells: Iterable[Cell],
        may: Iterable[Cell],
        asked: Asked,
        measure: Measure,
        path: tuple[str, ...],
    ) -> None:
        def is_asked(cell: Cell) -> bool:
            return (
                cell.measure is measure
                and cell.organisation_id in asked.organisation_ids
                and asked.programme in ("", cell.programme)
                and cell.path[: len(path)] == path
                and asked.period.first_on <= cell.from_on
                and cell.until_on <= asked.period.until_on
            )

        self.may = [cell for cell in may if is_asked(cell)]
        held = {(cell.series, month) for cell in self.may for month in cell.months}
        months = [cell for cell in cells if cell.is_month and is_asked(cell)]
        self.hidden = [cell for cell in months if (cell.series, cell.from_on) not in held]

    def number(self) -> Number:
        """Return the sum of all that may be shown."""
        return _sum(self.may, self.hidden)

    def lines(self, key: Callable[[Cell], KeyT]) -> tuple[Line[KeyT], ...]:
        """Return a line for each key, the largest number first and what is hidden last."""
        may, hidden = _grouped(self.may, key), _grouped(self.hidden, key)
        found = [
            Line(one, _sum(may.get(one, []), hidden.get(one, []))) for one in {**may, **hidden}
        ]
        return tuple(sorted(found, key=lambda line: (-(line.number.value or 0), str(line.key))))


def _monthly(part: _Part, period: Window) -> tuple[Line[date], ...]:
    """Return a line for each month of the period; a quarter that shows as one is in none."""
    single = [cell for cell in part.may if cell.is_month]
    merged = [cell for cell in part.may if not cell.is_month]
    may = _grouped(single, lambda cell: cell.from_on)
    left_out = {month for cell in merged for month in cell.months}
    left_out |= {cell.from_on for cell in part.hidden}
    return tuple(
        Line(month, Number(_total(may.get(month, [])), month not in left_out))
        for month in period.months
    )


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], KeyT]) -> dict[KeyT, list[Cell]]:
    found: dict[KeyT, list[Cell]] = {}
    for cell in cells:
        found.setdefault(key(cell), []).append(cell)
    return found


def _sum(cells: Sequence[Cell], hidden: Sequence[Cell]) -> Number:
    return Number(_total(cells), is_all=not hidden and not any(one.is_rounded for one in cells))


def _total(cells: Sequence[Cell]) -> int | None:
    return sum(cell.count for cell in cells) if cells else None
