"""For tests of dashboards and of whoever counts for them: a source in memory, and broken ones."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from standvast.care.dashboards.declared import SOURCES, Source
from standvast.care.dashboards.rules.cells import Cell, Measure, Window, months_later
from standvast.kit.wiring import Filling

__all__ = ["a_source", "broken_source", "sources", "two_programmes"]

Done = Sequence[tuple[str, tuple[str, ...], date, uuid.UUID]]
"""Programme, path, day and person of each activity."""
TITLES: Mapping[str, str] = {"dm2": "Diabetes type 2", "copd": "COPD"}


def a_source(done: Mapping[uuid.UUID, Done], *, titles: Mapping[str, str] = TITLES) -> Source:
    """Return a source that counts what it is given, as one over tables would."""
    return Source(lambda one, window: _counted(one, done.get(one, ()), window), titles)


def broken_source(error: Callable[[], BaseException]) -> Source:
    """Return a source that breaks when it is asked."""

    def count(organisation_id: uuid.UUID, window: Window) -> Sequence[Cell]:
        del organisation_id, window
        raise error()

    return Source(count, TITLES)


def sources(*given: Source) -> Filling:
    """Return the slot filled with these instead, for `rewired`."""
    return SOURCES.filled(*given)


def two_programmes(window: Window, *, people: int = 12) -> Done:
    """Return activities of every month: foot and eye checks in diabetes, few talks in COPD."""
    crowd = [uuid.UUID(int=number + 1) for number in range(people)]
    return [
        *(("dm2", ("C09", "C09A"), month, one) for month in window.months for one in crowd),
        *(("dm2", ("C09", "C09B"), month, one) for month in window.months[::2] for one in crowd),
        *(("copd", ("talk",), month, one) for month in window.months for one in crowd[:3]),
    ]


def _counted(organisation_id: uuid.UUID, done: Done, window: Window) -> Sequence[Cell]:
    spans = [(month, months_later(month, 1)) for month in window.months]
    spans += [(quarter, months_later(quarter, 3)) for quarter in window.quarters]
    spans.append((window.first_on, window.until_on))
    found = []
    for programme, path in sorted({(programme, path) for programme, path, _, _ in done}):
        for from_on, until_on in spans:
            whose = [
                who
                for one, way, day, who in done
                if (one, way) == (programme, path) and from_on <= day < until_on
            ]
            if whose:
                about = (organisation_id, Measure.DONE, programme, path, from_on, until_on)
                found.append(Cell(*about, count=len(whose), people=len(set(whose))))
    return found
