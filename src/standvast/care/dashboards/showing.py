"""How a dashboard's tables are said: titles, addresses to drill to, rows of a file."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from standvast.care.dashboards.operations.looking import Look
from standvast.care.dashboards.queries import title_of
from standvast.care.dashboards.rules.cells import months_later
from standvast.care.dashboards.rules.hiding import HIDDEN_BELOW
from standvast.care.dashboards.rules.tables import Asked, Line, Number
from standvast.web.api import month, number

KeyT = TypeVar("KeyT")
Path = tuple[str, ...]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


@dataclass(frozen=True)
class Chart:
    """One chart with its table: labels, their values and words, and where a label drills to."""

    id: str
    sentence: str
    labels: tuple[str, ...]
    values: tuple[int | None, ...]
    texts: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return all(value is None for value in self.values)


def programme_title(code: str) -> str:
    """Return a programme's title in the active language."""
    return gettext(title_of(code))


def path_title(path: Path) -> str:
    """Return an activity's title, below those of its groups: "Checks › Yearly check"."""
    return " › ".join(gettext(title_of(code)) for code in path)


def leaf_title(path: Path) -> str:
    """Return an activity's title without those of its groups."""
    return path_title(path[-1:])


def path_written(path: Path) -> str:
    """Return an activity as it stands in an address."""
    return "/".join(path)


def query_of(asked: Asked) -> str:
    """Return the filters as they stand in an address."""
    last = months_later(asked.period.until_on, -1)
    pairs = [
        ("programme", asked.programme),
        ("activity", path_written(asked.path)),
        ("since", f"{asked.period.first_on:%Y-%m}"),
        ("until", f"{last:%Y-%m}"),
        *(("practice", str(one)) for one in sorted(asked.organisation_ids)),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def charts_of(look: Look, asked: Asked) -> Mapping[str, Chart]:
    """Return the charts by name, each as its table says it."""
    names = {one.actor.organisation_id: one.name for one in look.own}
    board = look.board

    def to(**changes: Any) -> str:
        return f"{reverse('dashboards:board')}?{query_of(replace(asked, **changes))}"

    def programme_link(code: str) -> str:
        return "" if asked.programme else to(programme=code)

    def activity_link(path: Path) -> str:
        return "" if path == asked.path else to(path=path)

    def practice_link(organisation_id: uuid.UUID) -> str:
        return to(organisation_ids=frozenset({organisation_id}))

    often = gettext("Most often: {label}, {count} times.")
    busiest = gettext("The busiest month was {label}, with {count} activities.")
    most = gettext("The most enrolments were at the end of {label}: {count}.")
    charts = (
        _chart("months", busiest, board.by_month, month, _nowhere),
        _chart("enrolled", most, board.enrolled, month, _nowhere),
        _chart("programmes", often, board.by_programme, programme_title, programme_link),
        _chart("activities", often, board.by_activity, leaf_title, activity_link),
        _chart("practices", often, board.by_practice, names.__getitem__, practice_link),
    )
    return {chart.id: chart for chart in charts}


def _chart(
    name: str,
    sentence: str,
    lines: Sequence[Line[KeyT]],
    title: Callable[[KeyT], str],
    link: Callable[[KeyT], str],
) -> Chart:
    largest = max(lines, key=lambda line: line.number.value or 0, default=None)
    said = largest and sentence.format(label=title(largest.key), count=number_said(largest.number))
    return Chart(
        name,
        sentence=said or "",
        labels=tuple(title(line.key) for line in lines),
        values=tuple(line.number.value for line in lines),
        texts=tuple(number_said(line.number) for line in lines),
        links=tuple(link(line.key) for line in lines),
    )


def _nowhere(_: date) -> str:
    return ""


def file_rows(look: Look) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the file: the same numbers as on the page, hidden ones as words."""
    names = {one.actor.organisation_id: one.name for one in look.own}
    board = look.board
    yield (gettext("Table"), gettext("Row"), gettext("How many"), gettext("Something is left out"))
    yield _row(gettext("Activities in this period"), "", board.total)
    for line in board.by_month:
        yield _row(gettext("Activities by month"), f"{line.key:%Y-%m}", line.number)
    for line in board.enrolled:
        yield _row(gettext("Enrolments in programmes"), f"{line.key:%Y-%m}", line.number)
    for programme in board.by_programme:
        yield _row(
            gettext("Activities by programme"), programme_title(programme.key), programme.number
        )
    for activity in board.by_activity:
        yield _row(gettext("Activities by kind"), path_title(activity.key), activity.number)
    for practice in board.by_practice:
        yield _row(gettext("Activities by practice"), names[practice.key], practice.number)


def _row(table: str, label: str, found: Number) -> tuple[str, ...]:
    value = str(found.value) if found.value is not None else number_said(found)
    plain = f"'{label}" if label.startswith(FORMULA) else label
    return (table, plain, value, "" if found.is_all else gettext("yes"))


def number_said(found: Number) -> str:
    """Return a number in words: itself, "at least" it when something is left out, or hidden."""
    if found.value is None:
        return gettext("under {count}").format(count=HIDDEN_BELOW)
    said = number(found.value)
    return said if found.is_all else gettext("at least {count}").format(count=said)
