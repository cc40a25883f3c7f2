"""Which cells may be shown, so that no number about few people can be read or worked out. Pure.

One grain is chosen per practice, programme and activity, and per quarter: months if one of them is
about enough people, else the quarter as one, else, when nothing of that activity can be shown, all
months together. The cells that are shown never overlap, and every number on a page or in a file is
a sum of them. What is hidden is part of no sum, so no total minus its rows, and no period minus a
shorter one, is a hidden number: decision 0025.

All months together move on by one each month: what they were a month ago minus what they are now is
the difference of two months. So they are rounded down to tens; the other pieces stay where they
are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from standvast.care.dashboards.rules.cells import Cell, Window

HIDDEN_BELOW = 10
"""What is about fewer people than this is hidden."""
ROUNDED_TO = 10


def shown(cells: Iterable[Cell], window: Window) -> tuple[Cell, ...]:
    """Return the cells that may be shown: each about enough people, no two of them overlapping."""
    by_series: dict[object, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_series[cell.series].append(cell)
    return tuple(cell for series in by_series.values() for cell in _of_series(series, window))


def _of_series(cells: list[Cell], window: Window) -> list[Cell]:
    enough = [cell for cell in cells if cell.people >= HIDDEN_BELOW]
    months = [cell for cell in enough if cell.is_month]
    taken = {cell.from_on for cell in months}
    quarters = [
        cell
        for cell in enough
        if len(cell.months) == 3
        and cell.from_on in window.quarters
        and taken.isdisjoint(cell.months)
    ]
    if months or quarters:
        return [*months, *quarters]
    return [
        replace(cell, count=cell.count - cell.count % ROUNDED_TO, is_rounded=True)
        for cell in enough
        if (cell.from_on, cell.until_on) == (window.first_on, window.until_on)
    ]
