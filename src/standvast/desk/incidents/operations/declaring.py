"""Opening an incident: by hand, by a call, by the log or by a probe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from standvast.core.delivery.api import publish
from standvast.core.health.api import Component
from standvast.desk.incidents.models import Incident, NumberYear, SeverityChange
from standvast.desk.incidents.operations.paging import page_for_severity, severity_of
from standvast.desk.incidents.operations.telling import tell_people
from standvast.desk.incidents.records import (
    IncidentKey,
    atomic,
    component_of,
    journal,
    key_of,
    lock_scope,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.behaviour import policy_of
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import (
    SEVERITY_TITLES,
    Evidence,
    Reason,
    rule_answer,
    scope_class,
)
from standvast.desk.incidents.rules.states import Stamps, State, check_stamps
from standvast.events.desk import IncidentOpened
from standvast.kit.actor import Actor
from standvast.kit.words import marked

SOLVED_LATELY = timedelta(days=7)
VARIANTS_MAX = 40
_REASONS = {"probe": Reason.PROBE, "log": Reason.LOG}


@dataclass(frozen=True)
class Opening:
    """What is known when an incident is opened."""

    component: str
    variants: Sequence[str] = ()
    """Empty: the component as a whole."""
    found_by: str = "call"
    began_at: datetime | None = None
    found_at: datetime | None = None
    used_share: float | None = None
    users_count: int | None = None
    callers_count: int = 0
    whole_red: bool = False
    red_variants_count: int = 0
    log_over_since: datetime | None = None
    same_as: Incident | None = None
    is_exercise: bool = False


def next_number(now: datetime) -> str:
    """Return the next running number of the local year: ST-2026-014."""
    year = timezone.localtime(now).year
    NumberYear.objects.get_or_create(year=year)
    row = NumberYear.objects.select_for_update().get(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"ST-{year}-{row.last:03d}"


def declare(opening: Opening, *, actor: Actor, now: datetime) -> Incident:
    """Write a new incident with its first severity, entry, pages and words to people.

    Inside the caller's transaction, which holds the scope's lock.
    """
    assert connection.in_atomic_block, "declare belongs in the transaction that found it"
    component = component_of(opening.component)
    incident = _row_of(opening, component, now)
    incident.save(force_insert=True)
    write_entry(
        incident,
        EntryKind.STATE,
        texts_of(
            marked("Incident opened: {component}. Severity: {severity}."),
            component=component.title,
            severity=SEVERITY_TITLES[severity_of(incident)],
        ),
        now=now,
        actor=actor,
        at=incident.found_at,
        source="rule",
        pinned=True,
    )
    SeverityChange.objects.create(
        incident=incident,
        at=now,
        after=incident.rule_severity,
        rule_answer=incident.rule_severity,
        reason=_REASONS.get(opening.found_by, Reason.CALLERS).value,
        callers_count=incident.callers_count,
        person_id=actor.person_id,
    )
    journal(incident, actor, event="opened", action="C", now=now, component=incident.component)
    page_for_severity(incident, severity=severity_of(incident), why="declared", now=now)
    tell_people(incident, actor=actor, now=now)
    publish(
        IncidentOpened(
            incident.id, incident.number, incident.component, severity_of(incident).value, now
        ),
        now=now,
    )
    return incident


def _row_of(opening: Opening, component: Component, now: datetime) -> Incident:
    found_at = min(opening.found_at or now, now)
    began_at = min(opening.began_at or found_at, found_at)
    check_stamps(Stamps(began_at, found_at, now))
    variants = sorted({variant for variant in opening.variants if variant})[:VARIANTS_MAX]
    whole = not variants
    function_class = scope_class(
        component.function_class, whole=whole, used_share=opening.used_share
    )
    severity = rule_answer(
        Evidence(
            callers_count=opening.callers_count,
            red_variants_count=opening.red_variants_count,
            whole_red=opening.whole_red,
            log_over_s=(
                (now - opening.log_over_since).total_seconds() if opening.log_over_since else 0.0
            ),
            users_count=opening.users_count,
        ),
        function_class,
    )
    return Incident(
        number=next_number(now),
        audience=component.audience,
        component=component.slug,
        variants=variants,
        seen_variants=variants,
        used_share=opening.used_share,
        users_count=opening.users_count,
        component_class=component.function_class,
        function_class=function_class,
        state=State.REPORTED.value,
        rule_severity=severity.value,
        callers_count=opening.callers_count,
        whole_red=opening.whole_red,
        log_over_since=opening.log_over_since,
        found_by=opening.found_by,
        began_at=began_at,
        found_at=found_at,
        declared_at=now,
        counted_from=found_at,
        policy=policy_of(severity),
        is_exercise=opening.is_exercise or bool(getattr(settings, "DRILL", False)),
        same_as=opening.same_as,
    )


@atomic
def open_incident(
    *,
    actor: Actor,
    component: str,
    now: datetime,
    variants: Sequence[str] = (),
    found_by: str = "colleague",
    began_at: datetime | None = None,
    found_at: datetime | None = None,
    used_share: float | None = None,
    users_count: int | None = None,
    whole_red: bool = False,
    is_exercise: bool = False,
) -> IncidentKey:
    """Open an incident by hand, also where the scope has one: the two are then proposed to merge.

    :raises ComponentUnknown: if nothing of this name is declared.
    :raises StampsOutOfOrder: if it would have begun after it was found.
    """
    component_of(component)
    lock_scope(component)
    incident = declare(
        Opening(
            component=component,
            variants=variants,
            found_by=found_by,
            began_at=began_at,
            found_at=found_at,
            used_share=used_share,
            users_count=users_count,
            whole_red=whole_red,
            is_exercise=is_exercise,
        ),
        actor=actor,
        now=now,
    )
    return key_of(incident)
