"""Writing in the timeline: entries, cause, workarounds, milestones, counts, the team."""

import uuid
from datetime import datetime, timedelta

from standvast.desk.incidents.operations.moving import AheadOfNow, advance
from standvast.desk.incidents.operations.paging import plan_page, severity_of
from standvast.desk.incidents.operations.telling import settle_rhythm, tell_news
from standvast.desk.incidents.records import (
    as_written,
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.behaviour import BEHAVIOUR
from standvast.desk.incidents.rules.entries import BY_HAND, EntryKind
from standvast.desk.incidents.rules.states import State
from standvast.desk.incidents.rules.texts import ENTRY_CHARS_MAX, check_text
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

NOTE_CHARS_MAX = 2_000


class KindNotByHand(Invalid):
    """This kind of entry comes with its act and is not written alone."""

    code = "incidents.kind_not_by_hand"


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
        tell_news(incident, said, actor=actor, now=now)
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
