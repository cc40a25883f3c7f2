"""One incident whole: what its page shows, and what a report is made from."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from standvast.desk.incidents.models import (
    Call,
    Callback,
    Entry,
    Incident,
    SeverityChange,
    Sighting,
    Undertaking,
)
from standvast.desk.incidents.proving import proofs_of
from standvast.desk.incidents.queries.lists import row_of
from standvast.desk.incidents.queries.rows import (
    CallbackRow,
    CallRow,
    ChangeRow,
    EntryRow,
    IncidentView,
    MilestoneRow,
    MitigationRow,
    RecoveryRow,
    SightingRow,
    UndertakingRow,
)
from standvast.desk.incidents.records import IncidentNotFound
from standvast.desk.incidents.rules.entries import TITLES as ENTRY_TITLES
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import missing_for_solved
from standvast.desk.incidents.rules.severity import Severity
from standvast.desk.incidents.rules.states import MOVES, OPEN, State
from standvast.kit.words import marked
from standvast.registry.organisations.api import organisation_views
from standvast.registry.people.api import Person

ENTRIES_MAX = 2_000
CALLS_MAX = 2_000
CALLBACKS_MAX = 2_000


def incident_view(number: str, now: datetime) -> IncidentView:
    """Return one incident whole.

    :raises IncidentNotFound: if there is no such number.
    """
    incident = Incident.objects.select_related("same_as", "merged_into").filter(number=number)
    found = incident.first()
    if found is None:
        raise IncidentNotFound(marked("There is no such incident."))
    return view_of(found, now)


def incident_views(incident_ids: Sequence[uuid.UUID], now: datetime) -> tuple[IncidentView, ...]:
    """Return these incidents whole; for reports.

    :raises IncidentNotFound: if one of them is not there.
    """
    wanted = set(incident_ids)
    found = list(Incident.objects.select_related("same_as", "merged_into").filter(id__in=wanted))
    if len(found) != len(wanted):
        raise IncidentNotFound(marked("There is no such incident."))
    return tuple(view_of(incident, now) for incident in found)


def incident_id_of(number: str) -> uuid.UUID:
    """Return the id that belongs to a number.

    :raises IncidentNotFound: if there is no such number.
    """
    found = Incident.objects.filter(number=number.strip().upper()).values_list("id", flat=True)
    if not found:
        raise IncidentNotFound(marked("There is no such incident."))
    return found[0]


def check_incident(incident_id: uuid.UUID) -> None:
    """Pass if there is such an incident.

    :raises IncidentNotFound: if there is none.
    """
    if not Incident.objects.filter(id=incident_id).exists():
        raise IncidentNotFound(marked("There is no such incident."))


def view_of(incident: Incident, now: datetime) -> IncidentView:
    """Return the view of a stored incident."""
    calls = list(incident.calls.order_by("received_at", "id")[:CALLS_MAX])
    entries = list(incident.entries.order_by("at", "id")[:ENTRIES_MAX])
    changes = list(incident.severity_changes.order_by("at", "id"))
    people = _names(
        [entry.person_id for entry in entries]
        + [change.person_id for change in changes]
        + [incident.acknowledged_by, incident.override_by]
    )
    proofs = proofs_of(incident, now)
    restored = incident.state == State.RESTORED.value
    others = Incident.objects.open().on_scope(incident.component).exclude(id=incident.id)
    promised = list(incident.undertakings.order_by("due_at"))
    due = [u.due_at for u in promised if u.settled_at is None]
    return IncidentView(
        row=row_of(incident, {incident.id: min(due)} if due else {}),
        declared_at=incident.declared_at,
        mitigated_at=incident.mitigated_at,
        cause_known_at=incident.cause_known_at,
        closed_at=incident.closed_at,
        reopened_at=incident.reopened_at,
        told_at=incident.told_at,
        acknowledged_at=incident.acknowledged_at,
        acknowledged_by=people.get(incident.acknowledged_by, ""),
        override_by=people.get(incident.override_by, ""),
        override_reason=incident.override_reason,
        team=incident.team,
        trigger=incident.trigger_text,
        cause=incident.cause_text,
        guard=incident.guard_text,
        reproduction_path=incident.reproduction_path,
        no_report_reason=incident.no_report_reason,
        merged_into=incident.merged_into.number if incident.merged_into else "",
        moves=_moves_of(incident),
        missing=missing_for_solved(proofs) if restored else (),
        walks=tuple(proofs.walks),
        to_walk=tuple(
            variant
            for variant in ([""] if not incident.seen_variants else incident.seen_variants)
            if restored
        ),
        entries=tuple(_entry_row(entry, people) for entry in entries),
        calls=_call_rows(calls),
        changes=_change_rows(changes, people),
        undertakings=_undertaking_rows(promised),
        mitigations=_mitigation_rows(incident),
        milestones=_milestone_rows(incident),
        recoveries=_recovery_rows(incident),
        callbacks=_callback_rows(incident.callbacks.order_by("round", "place")[:CALLBACKS_MAX]),
        sightings=_sighting_rows(incident),
        people=tuple(sorted({*people.values(), *_names(u.said_by for u in promised).values()})),
        others=tuple(others.values_list("number", flat=True)[:10])
        if State(incident.state) in OPEN
        else (),
    )


def _names(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    wanted = {one for one in ids if one is not None}
    return {person.id: person.get_full_name() for person in Person.objects.filter(id__in=wanted)}


def _entry_row(entry: Entry, people: Mapping[uuid.UUID | None, str]) -> EntryRow:
    kind = EntryKind(entry.kind)
    return EntryRow(
        kind=kind,
        title=ENTRY_TITLES[kind],
        at=entry.at,
        until=entry.until,
        recorded_at=entry.recorded_at,
        who=people.get(entry.person_id, ""),
        source=entry.source,
        texts=entry.texts,
        pinned=entry.pinned,
        public=entry.public,
    )


def _call_rows(calls: Iterable[Call]) -> tuple[CallRow, ...]:
    kept = list(calls)
    ids = {call.organisation_id for call in kept if call.organisation_id}
    names = {view.id: view.name for view in organisation_views(ids).values()} if ids else {}
    return tuple(
        CallRow(
            id=call.id,
            via=call.via,
            caller=names.get(call.organisation_id, call.contact)
            if call.organisation_id
            else call.contact,
            caller_key=call.caller,
            contact=call.contact,
            variant=call.variant,
            text=call.text,
            received_at=call.received_at,
            told_at=call.told_at,
            attempts_count=call.tell_attempts_count,
            still_broken=call.still_broken,
        )
        for call in kept
    )


def _mitigation_rows(incident: Incident) -> tuple[MitigationRow, ...]:
    return tuple(
        MitigationRow(
            id=m.id,
            kind=m.kind,
            text=m.text,
            covered_count=m.covered_count,
            affected_count=m.affected_count,
            rest_is_listed=m.rest_is_listed,
            owner=m.owner,
            ends_on=m.ends_on,
            began_at=m.began_at,
            ended_at=m.ended_at,
        )
        for m in incident.mitigations.order_by("began_at")
    )


def _callback_rows(rows: Iterable[Callback]) -> tuple[CallbackRow, ...]:
    return tuple(
        CallbackRow(
            id=row.id,
            round=row.round,
            place=row.place,
            name=row.organisation_name,
            contact=row.contact,
            language=row.language,
            closes_at=row.closes_at,
            attempts_count=len(row.attempts),
            outcome=row.outcome,
            done_at=row.done_at,
        )
        for row in rows
    )


def _moves_of(incident: Incident) -> tuple[State, ...]:
    """Return where it may go from here, in the order of the states; merging has its own act."""
    targets = MOVES[State(incident.state)] - {State.MERGED}
    return tuple(sorted(targets, key=list(State).index))


def _change_rows(
    changes: Iterable[SeverityChange], people: Mapping[uuid.UUID | None, str]
) -> tuple[ChangeRow, ...]:
    return tuple(
        ChangeRow(
            at=change.at,
            before=change.before,
            after=Severity(change.after),
            rule_answer=Severity(change.rule_answer),
            reason=change.reason,
            callers_count=change.callers_count,
            who=people.get(change.person_id, ""),
            text=change.text,
        )
        for change in changes
    )


def _undertaking_rows(promised: Iterable[Undertaking]) -> tuple[UndertakingRow, ...]:
    return tuple(
        UndertakingRow(
            u.id, u.to, u.due_at, u.said_at, u.by_rhythm, u.missed_at, u.settled_at, u.how
        )
        for u in promised
    )


def _milestone_rows(incident: Incident) -> tuple[MilestoneRow, ...]:
    return tuple(
        MilestoneRow(m.step, m.at, m.needs_far_side, m.confirmed_by)
        for m in incident.milestones.order_by("at", "id")
    )


def _recovery_rows(incident: Incident) -> tuple[RecoveryRow, ...]:
    return tuple(
        RecoveryRow(
            r.lane, r.counted_at, r.expected, r.sent, r.confirmed, r.refused, r.refused_owned
        )
        for r in incident.recoveries.order_by("lane")
    )


def _sighting_rows(incident: Incident) -> tuple[SightingRow, ...]:
    return tuple(
        SightingRow(s.target, s.variant, s.opened_at, s.ended_at)
        for s in Sighting.objects.filter(incident=incident).order_by("opened_at")
    )
