"""Calls: taking one down, finding its incident, telling the caller afterwards."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.desk.incidents.models import Call, Incident
from standvast.desk.incidents.operations.declaring import SOLVED_LATELY, Opening, declare
from standvast.desk.incidents.operations.weighing import weigh
from standvast.desk.incidents.records import (
    atomic,
    component_of,
    journal,
    lock_scope,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Reason
from standvast.desk.incidents.rules.states import State
from standvast.desk.incidents.rules.texts import CALL_CHARS_MAX, check_text
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound
from standvast.kit.words import marked

CONTACT_CHARS_MAX = 120
VARIANT_CHARS_MAX = 80
FOUND_BY = {"chain": "chain", "log": "log", "colleague": "colleague"}


class CallerMissing(Invalid):
    """Neither an organisation nor a contact address: nobody could be told."""

    code = "incidents.caller_missing"


class ReceivedAhead(Invalid):
    """The call would have come in after now."""

    code = "incidents.received_ahead"


class CallNotFound(NotFound):
    """There is no such call."""

    code = "incidents.call_not_found"


@dataclass(frozen=True)
class CallTaken:
    """What became of a call."""

    call_id: uuid.UUID
    incident_id: uuid.UUID
    number: str
    is_new_incident: bool
    like: str = ""
    """Number of an incident on this scope that was solved in the last week."""


@atomic
def record_call(
    *,
    actor: Actor,
    via: str,
    component: str,
    text: str,
    now: datetime,
    variant: str = "",
    organisation_id: uuid.UUID | None = None,
    contact: str = "",
    language: str = "",
    received_at: datetime | None = None,
    incident_id: uuid.UUID | None = None,
    key: str | None = None,
    is_exercise: bool = False,
) -> CallTaken:
    """Take a call down with its incident: the open one on this scope, else a new one.

    The same key twice gives the first answer. With `incident_id` the caller of this function
    has chosen the incident.

    :raises ComponentUnknown: if nothing of this name is declared.
    :raises CallerMissing: without organisation and contact address.
    :raises HoldsPatientNumber: if the text holds a BSN or INSZ; nothing is kept then.
    :raises TextMissing, TextTooLong: if the text cannot be kept.
    :raises ReceivedAhead: if it would have come in later than now.
    """
    received_at = received_at or now
    plain, contact = _checked(component, text, contact, via, organisation_id, received_at, now)
    lock_scope(component)
    if key is not None and (kept := Call.objects.filter(key=key).first()) is not None:
        assert kept.incident is not None
        return CallTaken(kept.id, kept.incident.id, kept.incident.number, is_new_incident=False)

    call = Call(
        via=via,
        organisation_id=organisation_id,
        person_id=actor.person_id if via == "app" else None,
        contact=contact,
        component=component,
        variant=variant[:VARIANT_CHARS_MAX],
        text=plain,
        language=language or actor.language,
        received_at=received_at,
        recorded_at=now,
        key=key,
    )
    incident = locked(incident_id) if incident_id else open_on_scope(component)
    like = None
    is_new = incident is None
    if incident is None:
        like = solved_lately(component, variant, now=now)
        incident = _open_for(call, like, actor=actor, now=now, is_exercise=is_exercise)
    call.incident = incident
    call.save(force_insert=True)
    _attach(call, incident, actor=actor, now=now)
    return CallTaken(
        call.id, incident.id, incident.number, is_new, like=like.number if like else ""
    )


def _checked(
    component: str,
    text: str,
    contact: str,
    via: str,
    organisation_id: uuid.UUID | None,
    received_at: datetime,
    now: datetime,
) -> tuple[str, str]:
    """Return text and contact as they may be kept, or refuse; see `record_call`."""
    component_of(component)
    plain = check_text(text, chars_max=CALL_CHARS_MAX)
    contact = check_text(contact, chars_max=CONTACT_CHARS_MAX) if contact.strip() else ""
    if organisation_id is None and not contact and via != "log":
        raise CallerMissing(
            marked("Choose the organisation that calls, or write down how to reach the caller.")
        )
    if received_at > now:
        raise ReceivedAhead(marked("A call cannot come in later than now."))
    return plain, contact


def open_on_scope(component: str) -> Incident | None:
    """Return the open incident on this component, locked; the oldest where there are two."""
    found = Incident.objects.open().on_scope(component).order_by("declared_at").first()
    return locked(found.id) if found else None


def solved_lately(component: str, variant: str, *, now: datetime) -> Incident | None:
    """Return an incident on this scope that was solved within a week, newest first."""
    ended = Incident.objects.on_scope(component).filter(
        state__in=[State.SOLVED.value, State.CLOSED.value], solved_at__gt=now - SOLVED_LATELY
    )
    for incident in ended.order_by("-solved_at")[:10]:
        if not variant or not incident.seen_variants or variant in incident.seen_variants:
            return incident
    return None


def _open_for(
    call: Call, like: Incident | None, *, actor: Actor, now: datetime, is_exercise: bool
) -> Incident:
    return declare(
        Opening(
            component=call.component,
            variants=[call.variant] if call.variant else [],
            found_by=FOUND_BY.get(call.via, "call"),
            began_at=call.received_at,
            found_at=call.received_at,
            callers_count=0 if call.via == "log" else 1,
            same_as=like,
            is_exercise=is_exercise,
        ),
        actor=actor,
        now=now,
    )


def _attach(call: Call, incident: Incident, *, actor: Actor, now: datetime) -> None:
    """Count a call with its incident, and let the rule look again."""
    if call.variant:
        incident.seen_variants = sorted({*incident.seen_variants, call.variant})
        if incident.variants and call.variant not in incident.variants:
            incident.variants = sorted({*incident.variants, call.variant})
    incident.save(update_fields=["seen_variants", "variants"])
    write_entry(
        incident,
        EntryKind.CALL,
        texts_of(marked("Call by {via}."), via=VIA_TITLES[call.via]),
        now=now,
        at=call.received_at,
        actor=actor,
    )
    journal(incident, actor, event="call_taken", action="C", now=now, via=call.via)
    weigh(incident, reason=Reason.CALLERS, actor=actor, now=now)


VIA_TITLES = {
    "app": marked("the report page"),
    "service_desk": marked("the service desk"),
    "chain": marked("a chain partner"),
    "night_line": marked("the out-of-hours line"),
    "phone": marked("telephone"),
    "mail": marked("mail"),
    "log": marked("the log"),
    "colleague": marked("a colleague"),
}


@atomic
def move_call(*, call_id: uuid.UUID, incident_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Move a call that turns out to be about something else; its old incident may sink.

    :raises CallNotFound: if there is no such call.
    :raises IncidentNotFound: if there is no such incident.
    """
    call = Call.objects.select_for_update().filter(id=call_id).first()
    if call is None:
        raise CallNotFound(marked("There is no such call."))
    first, second = (
        sorted({call.incident_id, incident_id}, key=str)[:2]
        if (call.incident_id and call.incident_id != incident_id)
        else (incident_id, incident_id)
    )
    both = {found.id: found for found in (locked(first), locked(second))}
    old = both.get(call.incident_id) if call.incident_id else None
    new = both[incident_id]
    call.incident = new
    call.save(update_fields=["incident"])
    if old is not None and old.id != new.id:
        weigh(old, reason=Reason.DECISION, actor=actor, now=now)
    _attach(call, new, actor=actor, now=now)


@atomic
def tell_caller(
    *, call_id: uuid.UUID, reached: bool, still_broken: bool | None, actor: Actor, now: datetime
) -> None:
    """Write down that a caller was told, or tried; one who says it is broken counts.

    :raises CallNotFound: if there is no such call.
    """
    call = Call.objects.select_for_update().filter(id=call_id).first()
    if call is None or call.incident_id is None:
        raise CallNotFound(marked("There is no such call."))
    incident = locked(call.incident_id)
    call.tell_attempts_count = min(call.tell_attempts_count + 1, 99)
    if reached:
        call.told_at, call.still_broken = now, still_broken
    call.save(update_fields=["tell_attempts_count", "told_at", "still_broken"])
    template = (
        marked("A caller says it is still broken.")
        if reached and still_broken
        else marked("A caller was told.")
        if reached
        else marked("A caller was tried and not reached.")
    )
    write_entry(incident, EntryKind.CALLBACK, texts_of(template), now=now, actor=actor)
    journal(incident, actor, event="caller_told", now=now)
