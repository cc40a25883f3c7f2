"""Lists of incidents: open ones ranked, ended ones newest first, the day start."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.utils import timezone

from standvast.core.health.api import COMPONENTS
from standvast.desk.incidents.models import Incident, Undertaking
from standvast.desk.incidents.operations.paging import severity_of
from standvast.desk.incidents.rules.severity import Severity, override_is_overtaken
from standvast.desk.incidents.rules.states import ENDED, HIDDEN, TITLES, State
from standvast.kit.wiring import wired

OPEN_MAX = 200
PAGE_SIZE = 50


@dataclass(frozen=True)
class IncidentRow:
    """One line of a list of incidents."""

    id: uuid.UUID
    number: str
    component: str
    title: str
    """Marked; the template says it in the reader's language."""
    variants: tuple[str, ...]
    audience: str
    function_class: str
    state: State
    state_title: str
    severity: Severity
    rule_severity: Severity
    is_overridden: bool
    is_overtaken: bool
    callers_count: int
    found_by: str
    began_at: datetime
    found_at: datetime
    acknowledged_until: datetime | None
    restored_at: datetime | None
    solved_at: datetime | None
    next_due_at: datetime | None
    is_proposed_restored: bool
    same_as: str
    is_exercise: bool


def title_of(component: str) -> str:
    """Return a component's marked title; its slug where it is no longer declared."""
    titles = {declared.slug: declared.title for declared in wired(COMPONENTS)}
    return titles.get(component, component)


def row_of(incident: Incident, due: Mapping[uuid.UUID, datetime]) -> IncidentRow:
    """Return the frozen row of an incident."""
    override = Severity(incident.override_severity) if incident.override_severity else None
    rule = Severity(incident.rule_severity)
    return IncidentRow(
        id=incident.id,
        number=incident.number,
        component=incident.component,
        title=title_of(incident.component),
        variants=tuple(incident.variants),
        audience=incident.audience,
        function_class=incident.function_class,
        state=State(incident.state),
        state_title=TITLES[State(incident.state)],
        severity=severity_of(incident),
        rule_severity=rule,
        is_overridden=override is not None,
        is_overtaken=override_is_overtaken(
            rule_now=rule,
            rule_then=Severity(incident.override_rule or rule),
            override=override,
        ),
        callers_count=incident.callers_count,
        found_by=incident.found_by,
        began_at=incident.began_at,
        found_at=incident.found_at,
        acknowledged_until=incident.acknowledged_until,
        restored_at=incident.restored_at,
        solved_at=incident.solved_at,
        next_due_at=due.get(incident.id),
        is_proposed_restored=incident.restore_proposed_at is not None,
        same_as=incident.same_as.number if incident.same_as else "",
        is_exercise=incident.is_exercise,
    )


def open_incidents(now: datetime) -> tuple[IncidentRow, ...]:
    """Return open work, ranked: effective severity, then class, then age of the first word."""
    found = list(Incident.objects.open().select_related("same_as").order_by("found_at")[:OPEN_MAX])
    due = next_due([incident.id for incident in found])
    rows = [row_of(incident, due) for incident in found]
    return tuple(sorted(rows, key=lambda r: (-r.severity.rank, r.function_class, r.found_at)))


def next_due(ids: list[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when the next news of each of these is due; left out where none is."""
    open_ones = Undertaking.objects.filter(incident_id__in=ids, settled_at=None)
    return dict(open_ones.values_list("incident_id").annotate(first=Min("due_at")))


def open_count() -> int:
    """Return how many incidents are somebody's work; for the rail."""
    return Incident.objects.open().count()


def overdue_count(now: datetime) -> int:
    """Return how many promised updates are overdue."""
    return Undertaking.objects.filter(settled_at=None, due_at__lte=now).count()


def ended_incidents(page_number: int) -> tuple[tuple[IncidentRow, ...], int]:
    """Return one page of solved, closed, merged and withdrawn ones, and how many there are."""
    ended = Incident.objects.filter(state__in=[s.value for s in ENDED | HIDDEN])
    first = (max(1, page_number) - 1) * PAGE_SIZE
    rows = ended.select_related("same_as").order_by("-declared_at")[first : first + PAGE_SIZE]
    return tuple(row_of(incident, {}) for incident in rows), ended.count()


@dataclass(frozen=True)
class DayStartRow:
    """An undertaking of today, as it stands on top of the day start."""

    id: uuid.UUID
    number: str
    to: str
    due_at: datetime
    settled_at: datetime | None
    missed_at: datetime | None


def day_start(now: datetime) -> tuple[DayStartRow, ...]:
    """Return what was promised for today, settled early or not, soonest first."""
    local = timezone.localtime(now)
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(due_at__gte=begin, due_at__lt=begin + timedelta(days=1), by_rhythm=False)
    rows = Undertaking.objects.filter(today).select_related("incident").order_by("due_at")
    return tuple(
        DayStartRow(u.id, u.incident.number, u.to, u.due_at, u.settled_at, u.missed_at)
        for u in rows[:PAGE_SIZE]
    )
