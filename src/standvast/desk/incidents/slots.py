"""What others bring to incidents, filled in `project/wiring.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from standvast.desk.incidents.rules.behaviour import ServiceWindow
from standvast.desk.incidents.rules.callbacks import Served
from standvast.desk.incidents.rules.severity import Severity
from standvast.kit.wiring import Slot, wired

Reach = Callable[[str, Sequence[str], datetime], Served | None]
"""(component, variants, now) -> whom it serves; `None`: not mine, ask the next."""

REACH: Slot[Reach] = Slot("incidents.reach")


@dataclass(frozen=True)
class Usage:
    """How many organisations used some variants in 30 days, and their share of all who might."""

    share: float | None = None
    organisations_count: int | None = None


USAGE: Slot[Callable[[str, Sequence[str], datetime], Usage | None]] = Slot("incidents.usage")
"""(component, variants, now) -> how much they are used; `None`: not mine, or not known."""

NAMES: Slot[Callable[[str, Sequence[str]], str | None]] = Slot("incidents.names")
"""(component, variants) -> what people call just these; `None`: not mine, or no name."""


@dataclass(frozen=True)
class ApprovedText:
    """Words that may go out at night without waking anybody: marked, per language written.

    `severity` is the least severe it is fit for; the most specific one is chosen.
    """

    component: str
    severity: Severity
    texts: Mapping[str, str]
    """nl, fr and en, each written by a person."""
    reception: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FollowUp:
    """What `desk.reports` has of an incident; closing asks for it."""

    has_report: bool
    actions_count: int


@dataclass(frozen=True)
class Change:
    """Something that was changed, by us or by others: words marked, with their values."""

    at: datetime
    template: str
    values: Mapping[str, object] = field(default_factory=dict)


CHANGES: Slot[Callable[[datetime, datetime], Sequence[Change]]] = Slot("incidents.changes")
"""(from, until) -> what was changed between them."""
CHANGES_BEFORE = timedelta(hours=72)
CHANGES_MAX = 20
FOLLOW_UP: Slot[Callable[[UUID], FollowUp]] = Slot("incidents.follow_up")
TEXTS: Slot[ApprovedText] = Slot("incidents.texts")
WINDOW: Slot[ServiceWindow] = Slot("incidents.window")
"""When the desk is staffed; without one: Monday to Friday, 07:00 to 18:00."""


def window() -> ServiceWindow:
    """Return the desk's service window."""
    brought = wired(WINDOW)
    return brought[0] if brought else ServiceWindow()


def reach_of(component: str, variants: Sequence[str], now: datetime) -> Served | None:
    """Return whom a component serves, from the first who knows it; `None`: nobody knows."""
    for reach in wired(REACH):
        served = reach(component, variants, now)
        if served is not None:
            return served
    return None


def usage_of(component: str, variants: Sequence[str], now: datetime) -> Usage:
    """Return how much variants are used, from the first who knows it."""
    for ask in wired(USAGE):
        used = ask(component, variants, now)
        if used is not None:
            return used
    return Usage()


def name_of(component: str, variants: Sequence[str]) -> str:
    """Return what people call these variants; empty where they have no name of their own."""
    asked = (ask(component, variants) for ask in wired(NAMES) if variants)
    return next((name for name in asked if name), "")


def approved_text(component: str, severity: Severity) -> ApprovedText | None:
    """Return the pre-approved text for this component that fits the severity best."""
    fit = [
        text
        for text in wired(TEXTS)
        if text.component == component and text.severity.rank <= severity.rank
    ]
    return max(fit, key=lambda text: text.severity.rank, default=None)


def changes_before(began_at: datetime) -> tuple[Change, ...]:
    """Return what was changed in the 72 hours before an incident began, nearest first."""
    found = [
        change for ask in wired(CHANGES) for change in ask(began_at - CHANGES_BEFORE, began_at)
    ]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True)[:CHANGES_MAX])


def follow_up_of(incident_id: UUID) -> FollowUp:
    """Return what reports has of an incident; nothing where that module is not installed."""
    for ask in wired(FOLLOW_UP):
        return ask(incident_id)
    return FollowUp(has_report=False, actions_count=0)
