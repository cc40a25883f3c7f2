"""Writing in the timeline: entries, cause, workarounds, milestones, counts, the team."""

import uuid
from datetime import date, datetime, timedelta

from standvast.desk.incidents.models import Milestone, Mitigation, Recovery
from standvast.desk.incidents.operations.moving import AheadOfNow, advance
from standvast.desk.incidents.operations.paging import plan_page, severity_of
from standvast.desk.incidents.operations.records import (
    as_written,
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.operations.telling import settle_rhythm
from standvast.desk.incidents.rules.behaviour import BEHAVIOUR
from standvast.desk.incidents.rules.entries import BY_HAND, EntryKind
from standvast.desk.incidents.rules.proofs import Counted
from standvast.desk.incidents.rules.states import State
from standvast.desk.incidents.rules.texts import ENTRY_CHARS_MAX, check_text
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

NOTE_CHARS_MAX = 2_000


class KindNotByHand(Invalid):
    """This kind of entry comes with its act and is not written alone."""

    code = "incidents.kind_not_by_hand"


class CountsDoNotAddUp(Invalid):
    """More sent than expected, or more answered than sent."""

    code = "incidents.counts_do_not_add_up"


class CoversTooMany(Invalid):
    """More people helped than are affected."""

    code = "incidents.covers_too_many"


@atomic
def add_entry(
    *,
    incident_id: uuid.UUID,
    kind: EntryKind,
    text: str,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    until: datetime | None = None,
    pinned: bool = False,
    public: bool = False,
    texts: dict[str, str] | None = None,
) -> uuid.UUID:
    """Add a line; `at` is when it happened, `now` when it is written. Never changed afterwards.

    An attempt without effect starts a clock: the product owner is paged when it runs out. News
    settles what the rhythm made due and starts the rhythm again.

    :raises IncidentNotFound: if there is no such incident.
    :raises KindNotByHand: if such a line comes only with its act.
    :raises TextMissing, TextTooLong, HoldsPatientNumber: if the text cannot be kept.
    :raises AheadOfNow: if it would have happened later than now.
    """
    if kind not in BY_HAND:
        raise KindNotByHand(marked("A line of this kind comes with its act."))
    incident = locked(incident_id)
    at = at or now
    if at > now or (until is not None and until < at):
        raise AheadOfNow(marked("This cannot have happened later than now."))
    said = {
        language: check_text(words, chars_max=ENTRY_CHARS_MAX)
        for language, words in (texts or as_written(text, actor.language)).items()
    }
    entry = write_entry(
        incident,
        kind,
        said,
        now=now,
        actor=actor,
        at=at,
        until=until,
        pinned=pinned or kind in (EntryKind.FIX, EntryKind.WITHOUT_EFFECT),
        public=public or kind is EntryKind.NEWS,
    )
    severity = severity_of(incident)
    clock = BEHAVIOUR[severity].no_effect_after
    if kind is EntryKind.WITHOUT_EFFECT and clock is not None:
        plan_page(
            incident, role="product_owner", why="no_effect", due_at=at + timedelta(minutes=clock)
        )
    if kind is EntryKind.NEWS:
        settle_rhythm(incident, now=now)
    journal(incident, actor, event="entry_added", action="C", now=now, kind=kind.value)
    return entry.id


@atomic
def set_cause(
    *,
    incident_id: uuid.UUID,
    trigger: str,
    cause: str,
    guard: str = "",
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Write down trigger and cause, and which probe or gate should have caught it.

    :raises IncidentNotFound: if there is no such incident.
    :raises TextMissing, TextTooLong, HoldsPatientNumber: if a text cannot be kept.
    """
    incident = locked(incident_id)
    incident.trigger_text = check_text(trigger, chars_max=NOTE_CHARS_MAX)
    incident.cause_text = check_text(cause, chars_max=NOTE_CHARS_MAX)
    incident.guard_text = check_text(guard, chars_max=NOTE_CHARS_MAX) if guard.strip() else ""
    incident.save(update_fields=["trigger_text", "cause_text", "guard_text"])
    write_entry(
        incident,
        EntryKind.CAUSE,
        as_written(incident.cause_text, actor.language),
        now=now,
        at=at,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="cause_set", now=now)
    advance(incident, State.CAUSE_KNOWN, at=at or now, actor=actor, now=now)


@atomic
def set_handling(
    *,
    incident_id: uuid.UUID,
    team: str,
    reproduction_path: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down which team resolves it, and how to see the fault again.

    :raises IncidentNotFound: if there is no such incident.
    :raises TextTooLong, HoldsPatientNumber: if a text cannot be kept.
    """
    incident = locked(incident_id)
    incident.team = check_text(team, chars_max=80) if team.strip() else ""
    incident.reproduction_path = (
        check_text(reproduction_path, chars_max=NOTE_CHARS_MAX) if reproduction_path.strip() else ""
    )
    incident.save(update_fields=["team", "reproduction_path"])
    write_entry(
        incident,
        EntryKind.TEAM,
        texts_of(marked("Resolver team: {team}."), team=incident.team or "-"),
        now=now,
        actor=actor,
    )
    journal(incident, actor, event="handling_set", now=now)


@atomic
def add_mitigation(
    *,
    incident_id: uuid.UUID,
    kind: str,
    text: str,
    actor: Actor,
    now: datetime,
    covered_count: int | None = None,
    affected_count: int | None = None,
    rest_is_listed: bool = False,
    owner: str = "",
    ends_on: date | None = None,
    closure_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> uuid.UUID:
    """Record what makes it bearable. The incident is mitigated only when all are helped.

    All: as many covered as affected, or the rest stands on the callback list.

    :raises IncidentNotFound: if there is no such incident.
    :raises CoversTooMany: if more are covered than affected.
    :raises TextMissing, TextTooLong, HoldsPatientNumber: if the text cannot be kept.
    """
    incident = locked(incident_id)
    if None not in (covered_count, affected_count) and (covered_count or 0) > (affected_count or 0):
        raise CoversTooMany(marked("More are helped than are affected: check the figures."))
    mitigation = Mitigation.objects.create(
        incident=incident,
        kind=kind,
        text=check_text(text, chars_max=NOTE_CHARS_MAX),
        covered_count=covered_count,
        affected_count=affected_count,
        rest_is_listed=rest_is_listed,
        owner=owner.strip()[:80],
        ends_on=ends_on,
        closure_id=closure_id,
        began_at=at or now,
    )
    write_entry(
        incident,
        EntryKind.CLOSURE if kind == "closure" else EntryKind.MITIGATION,
        as_written(mitigation.text, actor.language),
        now=now,
        at=at,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="mitigated", action="C", now=now, kind=kind)
    helps_all = (
        kind == "closure"
        or rest_is_listed
        or (covered_count is not None and covered_count == affected_count)
    )
    if helps_all:
        advance(incident, State.MITIGATED, at=at or now, actor=actor, now=now)
    return mitigation.id


@atomic
def end_mitigation(*, mitigation_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Write down that a workaround was taken away. Repeating changes nothing.

    :raises IncidentNotFound: if there is none.
    """
    found = Mitigation.objects.filter(id=mitigation_id).values_list("incident_id", flat=True)
    incident = locked(found[0] if found else uuid.UUID(int=0))
    ended_count = Mitigation.objects.filter(id=mitigation_id, ended_at=None).update(ended_at=now)
    if ended_count:
        write_entry(
            incident,
            EntryKind.MITIGATION,
            texts_of(marked("The workaround was taken away.")),
            now=now,
            actor=actor,
        )
        journal(incident, actor, event="mitigation_ended", now=now)


@atomic
def reach_milestone(
    *,
    incident_id: uuid.UUID,
    step: str,
    actor: Actor,
    now: datetime,
    needs_far_side: bool = False,
    at: datetime | None = None,
    confirmed_by: str = "",
) -> None:
    """Plan a step on the way back, or write down that it was reached or confirmed.

    Without `at` and `confirmed_by` the step is only planned.

    :raises IncidentNotFound: if there is no such incident.
    :raises TextMissing, TextTooLong: if the step has no fit name.
    """
    incident = locked(incident_id)
    name = check_text(step, chars_max=120)
    row, _ = Milestone.objects.get_or_create(incident=incident, step=name)
    row.needs_far_side = row.needs_far_side or needs_far_side
    row.at = at or row.at or (now if confirmed_by else None)
    row.confirmed_by = confirmed_by.strip()[:120] or row.confirmed_by
    row.save()
    if row.at is not None:
        write_entry(
            incident,
            EntryKind.MILESTONE,
            as_written(
                f"{name} ({row.confirmed_by})" if row.confirmed_by else name, actor.language
            ),
            now=now,
            at=row.at,
            actor=actor,
            pinned=True,
        )
    journal(incident, actor, event="milestone", now=now)


@atomic
def count_recovery(
    *, incident_id: uuid.UUID, counted: Counted, actor: Actor, now: datetime
) -> None:
    """Write down how far one lane's catching-up is; counting again replaces the figures.

    :raises IncidentNotFound: if there is no such incident.
    :raises CountsDoNotAddUp: if the figures cannot be true.
    """
    incident = locked(incident_id)
    if not counted.is_sound():
        raise CountsDoNotAddUp(
            marked("The figures do not add up: sent at most expected, answered at most sent.")
        )
    Recovery.objects.update_or_create(
        incident=incident,
        lane=counted.lane,
        defaults={
            "counted_at": now,
            "expected": counted.expected,
            "sent": counted.sent,
            "confirmed": counted.confirmed,
            "refused": counted.refused,
            "refused_owned": counted.refused_owned,
        },
    )
    write_entry(
        incident,
        EntryKind.RECOVERY,
        texts_of(
            marked(
                "{lane}: {expected} expected, {sent} sent, {confirmed} confirmed, "
                "{refused} refused."
            ),
            lane=counted.lane,
            expected=counted.expected,
            sent=counted.sent,
            confirmed=counted.confirmed,
            refused=counted.refused,
        ),
        now=now,
        actor=actor,
        source="desk" if actor.person_id else "sweep",
    )
