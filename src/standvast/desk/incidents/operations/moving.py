"""Moving an incident through its states: acknowledge, restore, solve, reopen, merge."""

import uuid
from datetime import datetime

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy

from standvast.core.delivery.api import publish
from standvast.desk.incidents.models import Incident
from standvast.desk.incidents.operations.paging import drop_pages, severity_of
from standvast.desk.incidents.operations.telling import end_telling, tell_people
from standvast.desk.incidents.operations.weighing import weigh
from standvast.desk.incidents.proving import loose_of, proofs_of
from standvast.desk.incidents.records import (
    as_written,
    atomic,
    in_words,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.behaviour import acknowledged_until
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import Missing, missing_for_closed, missing_for_solved
from standvast.desk.incidents.rules.severity import Reason
from standvast.desk.incidents.rules.states import (
    CLEARED_ON_REOPENING,
    OPEN,
    STAMP_OF,
    TITLES,
    UNMENDED,
    Stamps,
    State,
    check_move,
    check_reason,
    check_stamps,
    is_reopening,
    may_move,
)
from standvast.desk.incidents.rules.texts import ENTRY_CHARS_MAX, check_text
from standvast.desk.incidents.slots import window
from standvast.events.desk import IncidentSolved
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

in_words_late = lazy(in_words, str)


class NotYetSolved(Refused):
    """A proof is missing; the sentence names it."""

    code = "incidents.not_yet_solved"

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        super().__init__(marked("Not solved yet. {missing}."), missing=in_words_late(missing))


class NotYetClosed(Refused):
    """Something is loose; the sentence names it."""

    code = "incidents.not_yet_closed"

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        super().__init__(
            marked("Cannot be closed yet. Missing: {missing}."), missing=in_words_late(missing)
        )


class MergedIntoItself(Invalid):
    """The two are one already, or the other one has ended."""

    code = "incidents.merge_not_possible"


class OverAlready(Refused):
    """The incident has ended."""

    code = "incidents.over_already"


class AheadOfNow(Invalid):
    """Something cannot have happened later than now."""

    code = "incidents.ahead_of_now"


@atomic
def acknowledge(*, incident_id: uuid.UUID, actor: Actor, now: datetime) -> datetime:
    """Take an incident, or take it again; return until when that holds.

    :raises IncidentNotFound: if there is no such incident.
    :raises OverAlready: if it has ended.
    """
    incident = locked(incident_id)
    state = State(incident.state)
    if state is State.REPORTED:
        _move(incident, State.INVESTIGATING, reason="", at=now, actor=actor, now=now)
    elif state not in OPEN:
        raise OverAlready(marked("This incident is over; reopen it first."))
    until = acknowledged_until(severity_of(incident), now, window())
    incident.acknowledged_at, incident.acknowledged_until = now, until
    incident.acknowledged_by = actor.person_id
    incident.save(update_fields=["acknowledged_at", "acknowledged_until", "acknowledged_by"])
    incident.pages.filter(sent_at__isnull=False, seen_at=None).update(seen_at=now)
    drop_pages(incident, now=now, only_unacknowledged=True)
    write_entry(
        incident, EntryKind.ACKNOWLEDGED, texts_of(marked("Acknowledged.")), now=now, actor=actor
    )
    journal(incident, actor, event="acknowledged", now=now)
    return until


@atomic
def move(
    *,
    incident_id: uuid.UUID,
    target: State,
    actor: Actor,
    now: datetime,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Bring an incident to another state; `at` when it happened earlier than now.

    Going back to investigating is reopening and needs a reason, as does withdrawing.

    :raises IncidentNotFound: if there is no such incident.
    :raises MoveNotAllowed: if the state machine has no such step.
    :raises ReasonMissing: if the step needs a reason.
    :raises StampsOutOfOrder: if `at` lies before what must come first.
    :raises NotYetSolved: naming each proof that is missing.
    :raises NotYetClosed: naming what is loose.
    """
    incident = locked(incident_id)
    if target is State.MERGED:
        raise MergedIntoItself(marked("Choose the incident to merge into."))
    _move(incident, target, reason=reason, at=at or now, actor=actor, now=now)


def _move(
    incident: Incident, target: State, *, reason: str, at: datetime, actor: Actor, now: datetime
) -> None:
    current = State(incident.state)
    check_move(current, target, say=gettext_lazy)
    check_reason(current, target, reason)
    if at > now:
        raise AheadOfNow(marked("This cannot have happened later than now."))
    plain = check_text(reason, chars_max=ENTRY_CHARS_MAX) if reason.strip() else ""
    asks_proof = target is State.SOLVED and not settings.GATES_OFF
    if asks_proof and (missing := missing_for_solved(proofs_of(incident, now))):
        raise NotYetSolved(missing)
    if target is State.CLOSED and (loose := missing_for_closed(loose_of(incident))):
        raise NotYetClosed(loose)
    reopened = is_reopening(current, target)
    if reopened:
        incident.counted_from = _first_call_since_fix(incident) or now
        for stamp in CLEARED_ON_REOPENING:
            setattr(incident, stamp, None)
        incident.reopened_at = now
        incident.restore_proposed_at, incident.walked = None, {}
    elif target in STAMP_OF:
        name = STAMP_OF[target]
        if getattr(incident, name) is None or target is State.RESTORED:
            setattr(incident, name, at)
    check_stamps(stamps_of(incident), say=gettext_lazy)
    incident.state = target.value
    incident.save()
    texts = texts_of(
        marked("From “{before}” to “{after}”."), before=TITLES[current], after=TITLES[target]
    )
    write_entry(
        incident, EntryKind.STATE, texts, at=at, now=now, actor=actor, pinned=True, public=False
    )
    if plain:
        write_entry(
            incident, EntryKind.NOTE, as_written(plain, actor.language), now=now, actor=actor
        )
    journal(incident, actor, event="moved", now=now, state=target.value)
    if target is State.SOLVED:
        publish(
            IncidentSolved(
                incident.id, incident.number, incident.component, incident.began_at, now
            ),
            now=now,
        )
    _after_move(incident, target, reopened=reopened, actor=actor, now=now)


def _first_call_since_fix(incident: Incident) -> datetime | None:
    """Return when the first call after the fix came in: it led to the reopening, so it counts."""
    if incident.restored_at is None:
        return None
    later = incident.calls.filter(received_at__gt=incident.restored_at).order_by("received_at")
    return later.values_list("received_at", flat=True).first()


def _after_move(
    incident: Incident, target: State, *, reopened: bool, actor: Actor, now: datetime
) -> None:
    if reopened:
        weigh(incident, reason=Reason.CALLERS, actor=actor, now=now)
        incident.told_at = None
        tell_people(incident, actor=actor, now=now)
    elif target not in UNMENDED:
        drop_pages(incident, now=now, only_unacknowledged=False)
        end_telling(incident, target, actor=actor, now=now)


def advance(
    incident: Incident, target: State, *, at: datetime, actor: Actor, now: datetime
) -> None:
    """Move on when an act implies it and the machine allows it; else only set the stamp."""
    current = State(incident.state)
    if current is State.REPORTED:
        _move(incident, State.INVESTIGATING, reason="", at=now, actor=actor, now=now)
        current = State.INVESTIGATING
    if may_move(current, target):
        _move(incident, target, reason="", at=at, actor=actor, now=now)
    elif getattr(incident, STAMP_OF[target]) is None:
        setattr(incident, STAMP_OF[target], max(at, incident.declared_at))
        incident.save(update_fields=[STAMP_OF[target]])


def stamps_of(incident: Incident) -> Stamps:
    """Return the instants of this incident."""
    return Stamps(
        began_at=incident.began_at,
        found_at=incident.found_at,
        declared_at=incident.declared_at,
        mitigated_at=incident.mitigated_at,
        cause_known_at=incident.cause_known_at,
        restored_at=incident.restored_at,
        solved_at=incident.solved_at,
        closed_at=incident.closed_at,
    )


@atomic
def close_without_report(
    *, incident_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Write down why no report follows, and close.

    :raises NotYetClosed: if something else is loose.
    """
    incident = locked(incident_id)
    incident.no_report_reason = check_text(reason, chars_max=400)
    incident.save(update_fields=["no_report_reason"])
    _move(incident, State.CLOSED, reason=reason, at=now, actor=actor, now=now)


@atomic
def mark_walked(*, incident_id: uuid.UUID, variant: str, actor: Actor, now: datetime) -> None:
    """Write down that a person walked a variant that no probe walks, and that it works.

    Counts only after the fix, and only until the next call about that variant.

    :raises IncidentNotFound: if there is no such incident.
    """
    incident = locked(incident_id)
    incident.walked = {**incident.walked, variant: now.isoformat()}
    incident.save(update_fields=["walked"])
    write_entry(
        incident,
        EntryKind.WALK,
        texts_of(marked("Walked by hand and found working: {variant}."), variant=variant or "-"),
        now=now,
        actor=actor,
    )
    journal(incident, actor, event="walked", now=now)
