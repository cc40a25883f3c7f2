"""Weighing an incident again: callers, log, probes, scope; and a person's word beside it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from standvast.core.delivery.api import publish
from standvast.desk.incidents.models import Incident, SeverityChange, Sighting
from standvast.desk.incidents.operations.paging import (
    hasten_pages,
    page_for_severity,
    plan_page,
    severity_of,
)
from standvast.desk.incidents.operations.telling import tell_people
from standvast.desk.incidents.records import (
    as_written,
    atomic,
    component_of,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import (
    CALLS_HOURS_MAX,
    SEVERITY_TITLES,
    CallSeen,
    Evidence,
    Reason,
    Severity,
    as_class,
    callers_count,
    next_answer,
    override_is_overtaken,
    rule_answer,
    scope_class,
)
from standvast.desk.incidents.rules.states import UNMENDED, State
from standvast.desk.incidents.rules.texts import check_text
from standvast.events.desk import SeverityChanged
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

REASON_CHARS_MAX = 400
VARIANTS_MAX = 40


class NothingToDrop(Invalid):
    """The severity was not set by hand."""

    code = "incidents.no_override"


def evidence_of(incident: Incident, now: datetime) -> Evidence:
    """Return what speaks for the incident now."""
    since = max(incident.counted_from, now - timedelta(hours=CALLS_HOURS_MAX))
    calls = incident.calls.filter(received_at__gte=since).exclude(via="log")
    red = Sighting.objects.filter(incident=incident, ended_at=None)
    log = incident.log_over_since
    return Evidence(
        callers_count=callers_count(
            (CallSeen(call.caller, call.received_at) for call in calls),
            counted_from=incident.counted_from,
            now=now,
        ),
        red_variants_count=red.values("target", "variant").distinct().count(),
        whole_red=incident.whole_red,
        log_over_s=(now - log).total_seconds() if log else 0.0,
        users_count=incident.users_count,
    )


def weigh(
    incident: Incident, *, reason: Reason, actor: Actor, now: datetime, text: str = ""
) -> None:
    """Let the rule look again; write down, page and tell when what counts has changed.

    Inside the caller's transaction; `incident` is locked. Rises by itself, sinks only by an act.
    """
    assert connection.in_atomic_block, "weighing belongs in the transaction that gave cause"
    evidence = evidence_of(incident, now)
    before = severity_of(incident)
    rule_before = Severity(incident.rule_severity)
    fresh = rule_answer(evidence, as_class(incident.function_class))
    incident.callers_count = evidence.callers_count
    incident.rule_severity = next_answer(rule_before, fresh, reason).value
    incident.save(update_fields=["callers_count", "rule_severity"])
    after = severity_of(incident)
    if after is not before:
        _write_change(
            incident, before=before, after=after, reason=reason, actor=actor, now=now, text=text
        )
    if after.rank > before.rank and State(incident.state) in UNMENDED:
        page_for_severity(incident, severity=after, why="raised", now=now)
        tell_people(incident, actor=actor, now=now)
    else:
        hasten_pages(incident, now=now)
    _notice_overtaken(incident, rule_before=rule_before, now=now)


def _notice_overtaken(incident: Incident, *, rule_before: Severity, now: datetime) -> None:
    if not incident.override_severity:
        return
    rule_now = Severity(incident.rule_severity)
    overtaken = override_is_overtaken(
        rule_now=rule_now,
        rule_then=Severity(incident.override_rule),
        override=Severity(incident.override_severity),
    )
    if overtaken and rule_now.rank > rule_before.rank:
        plan_page(incident, role="first_line", why="override", due_at=now)


def _write_change(
    incident: Incident,
    *,
    before: Severity,
    after: Severity,
    reason: Reason,
    actor: Actor,
    now: datetime,
    text: str,
) -> None:
    SeverityChange.objects.create(
        incident=incident,
        at=now,
        before=before.value,
        after=after.value,
        rule_answer=incident.rule_severity,
        reason=reason.value,
        callers_count=incident.callers_count,
        person_id=actor.person_id,
        text=text[:REASON_CHARS_MAX],
    )
    write_entry(
        incident,
        EntryKind.SEVERITY,
        texts_of(
            marked("Severity from {before} to {after}: {count} callers."),
            before=SEVERITY_TITLES[before],
            after=SEVERITY_TITLES[after],
            count=incident.callers_count,
        ),
        now=now,
        actor=actor,
        source="desk" if actor.person_id else "rule",
        pinned=True,
    )
    publish(SeverityChanged(incident.id, incident.number, before.value, after.value, now), now=now)


@atomic
def override_severity(
    *, incident_id: uuid.UUID, severity: Severity, reason: str, actor: Actor, now: datetime
) -> None:
    """Set the severity by hand, beside the rule's answer; also renews an overtaken one.

    :raises IncidentNotFound: if there is no such incident.
    :raises TextMissing: without a reason.
    """
    incident = locked(incident_id)
    plain = check_text(reason, chars_max=REASON_CHARS_MAX)
    before = severity_of(incident)
    incident.override_severity = severity.value
    incident.override_rule = incident.rule_severity
    incident.override_by = actor.person_id
    incident.override_reason = plain
    incident.save(
        update_fields=["override_severity", "override_rule", "override_by", "override_reason"]
    )
    _after_hand(incident, before=before, text=plain, actor=actor, now=now)
    journal(incident, actor, event="severity_set", now=now, severity=severity.value)


@atomic
def drop_override(*, incident_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Let the rule's answer count again.

    :raises IncidentNotFound: if there is no such incident.
    :raises NothingToDrop: if the severity was not set by hand.
    """
    incident = locked(incident_id)
    if not incident.override_severity:
        raise NothingToDrop(marked("The severity was not set by hand."))
    before = severity_of(incident)
    incident.override_severity = incident.override_rule = incident.override_reason = ""
    incident.override_by = None
    incident.save(
        update_fields=["override_severity", "override_rule", "override_by", "override_reason"]
    )
    _after_hand(incident, before=before, text="", actor=actor, now=now)
    journal(incident, actor, event="severity_by_rule", now=now)


def _after_hand(
    incident: Incident, *, before: Severity, text: str, actor: Actor, now: datetime
) -> None:
    after = severity_of(incident)
    if text:
        write_entry(
            incident,
            EntryKind.SEVERITY,
            as_written(text, actor.language),
            now=now,
            actor=actor,
        )
    if after is before:
        return
    _write_change(
        incident,
        before=before,
        after=after,
        reason=Reason.DECISION,
        actor=actor,
        now=now,
        text=text,
    )
    if after.rank > before.rank and State(incident.state) in UNMENDED:
        page_for_severity(incident, severity=after, why="raised", now=now)
        tell_people(incident, actor=actor, now=now)


@atomic
def set_scope(
    *,
    incident_id: uuid.UUID,
    variants: Sequence[str],
    used_share: float | None,
    reason: str,
    actor: Actor,
    now: datetime,
    component: str = "",
) -> None:
    """Narrow, widen or change what the incident is about; the class follows, severity may sink.

    `used_share` is the share of organisations that used these variants in 30 days.

    :raises IncidentNotFound: if there is no such incident.
    :raises ComponentUnknown: if nothing of this name is declared.
    :raises TextMissing: without a reason.
    """
    incident = locked(incident_id)
    plain = check_text(reason, chars_max=REASON_CHARS_MAX)
    chosen = sorted({variant for variant in variants if variant})[:VARIANTS_MAX]
    if component and component != incident.component:
        declared = component_of(component)
        incident.component, incident.component_class = declared.slug, declared.function_class
        incident.audience, incident.seen_variants = declared.audience, []
    incident.variants = chosen
    incident.seen_variants = sorted({*incident.seen_variants, *chosen})
    incident.used_share = used_share
    incident.function_class = scope_class(
        as_class(incident.component_class), whole=not chosen, used_share=used_share
    )
    if chosen:
        incident.whole_red = False
    incident.save(
        update_fields=[
            "component",
            "component_class",
            "audience",
            "variants",
            "seen_variants",
            "used_share",
            "function_class",
            "whole_red",
        ]
    )
    write_entry(
        incident,
        EntryKind.SCOPE,
        as_written(plain, actor.language),
        now=now,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="scope_set", now=now, variants=len(chosen))
    weigh(incident, reason=Reason.SCOPE, actor=actor, now=now, text=plain)


@atomic
def set_log_over(
    *, incident_id: uuid.UUID, over_since: datetime | None, actor: Actor, now: datetime
) -> None:
    """Say since when the fault rate in the log is over its threshold; `None`: it is not.

    :raises IncidentNotFound: if there is no such incident.
    """
    incident = locked(incident_id)
    incident.log_over_since = over_since
    incident.save(update_fields=["log_over_since"])
    weigh(incident, reason=Reason.LOG, actor=actor, now=now)
