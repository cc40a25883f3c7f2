"""Telling people: starts by itself at major and critical, with words approved beforehand."""

import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from standvast.desk.incidents.models import Incident, Undertaking
from standvast.desk.incidents.operations.composing import within
from standvast.desk.incidents.records import component_of, texts_of, write_entry
from standvast.desk.incidents.rules.behaviour import BEHAVIOUR
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Severity, effective
from standvast.desk.incidents.rules.states import UNMENDED, State
from standvast.desk.incidents.slots import approved_text, name_of, reach_of
from standvast.desk.status import api as status
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked

EVERYBODY = marked("everybody who uses it")
NAMED_MAX = 10_000


def words_for(incident: Incident, severity: Severity) -> dict[str, str]:
    """Return the approved words, else a plain sentence that is true of any component."""
    approved = approved_text(incident.component, severity)
    if approved is not None:
        return dict(approved.texts)
    called = _called(incident)
    said = {}
    for language in ("nl", "fr", "en"):
        with translation.override(language):
            said[language] = gettext(
                "{component} does not work as it should. We know, and we are working on it."
            ).format(component=gettext(called))
    return said


def _called(incident: Incident) -> str:
    """Return what is in trouble as people call it: just the part, where it has a name."""
    return name_of(incident.component, incident.variants) or component_of(incident.component).title


def tell_people(incident: Incident, *, actor: Actor, now: datetime) -> None:
    """Publish the notice once, and set the rhythm of news; nothing below major.

    Inside the caller's transaction: the notice is committed with what gave cause.
    """
    assert connection.in_atomic_block, "telling belongs in the transaction that gave cause"
    severity = _severity(incident)
    column = BEHAVIOUR[severity]
    if not column.tells_people:
        return
    _set_rhythm(incident, minutes=column.news_within, now=now)
    if incident.told_at is not None or incident.audience == "internal":
        return
    texts = words_for(incident, severity)
    incident.told_at = now
    incident.notice_id = _publish(incident, texts, actor=actor, now=now)
    incident.save(update_fields=["told_at", "notice_id"])
    _write_news(incident, texts, actor=actor, now=now, source="rule")


def tell_news(incident: Incident, texts: dict[str, str], *, actor: Actor, now: datetime) -> None:
    """Replace the notice by newer words; a notice says one thing at a time."""
    if incident.audience == "internal" or State(incident.state) not in UNMENDED:
        return
    _end(incident, actor=actor, now=now)
    incident.notice_id = _publish(incident, texts, actor=actor, now=now)
    incident.told_at = incident.told_at or now
    incident.save(update_fields=["told_at", "notice_id"])


def _publish(
    incident: Incident, texts: dict[str, str], *, actor: Actor, now: datetime
) -> uuid.UUID | None:
    """Publish to exactly those the component serves; to all where nobody says whom."""
    served = reach_of(incident.component, incident.variants, now)
    audience = served.audience(named_max=NAMED_MAX) if served else None
    if audience is not None and not audience:
        nobody = texts_of(marked("No notice was published: nobody uses this now."))
        _note(incident, nobody, actor=actor, now=now)
        return None
    try:
        return within(status.publish_notice)(
            kind=status.NoticeKind.OUTAGE,
            components=[incident.component],
            organisation_ids=audience,
            texts=texts,
            actor=actor,
            now=now,
            incident_id=incident.id,
        )
    except Refused as refused:
        # An incident is declared whatever the notice board says; a person puts it up by hand.
        template = marked("The notice was not published: {why}")
        _note(incident, texts_of(template, why=str(refused)), actor=actor, now=now)
        return None


def _note(incident: Incident, texts: dict[str, str], *, actor: Actor, now: datetime) -> None:
    write_entry(incident, EntryKind.NOTE, texts, now=now, actor=actor, source="rule")


def _write_news(
    incident: Incident, texts: dict[str, str], *, actor: Actor, now: datetime, source: str
) -> None:
    write_entry(
        incident,
        EntryKind.NEWS,
        texts,
        now=now,
        actor=actor,
        source=source,
        pinned=True,
        public=True,
    )


def end_telling(incident: Incident, target: State, *, actor: Actor, now: datetime) -> None:
    """Take the notice away and say that it is over, or to be confirmed; settle the rhythm."""
    incident.undertakings.filter(settled_at=None, by_rhythm=True).update(settled_at=now)
    if incident.told_at is None:
        return
    _end(incident, actor=actor, now=now)
    incident.notice_id = None
    incident.save(update_fields=["notice_id"])
    title = _called(incident)
    if target is State.RESTORED:
        template = marked("{component} works again. We keep watching it.")
    elif target is State.SOLVED:
        template = marked("{component} is solved: we checked it ourselves.")
    else:
        return
    _write_news(incident, texts_of(template, component=title), actor=actor, now=now, source="rule")


def _end(incident: Incident, *, actor: Actor, now: datetime) -> None:
    if incident.notice_id is None:
        return
    try:
        within(status.end_notice)(notice_id=incident.notice_id, actor=actor, now=now)
    except (status.AlreadyEnded, status.NoticeNotFound):
        return


def settle_rhythm(incident: Incident, *, now: datetime) -> None:
    """News went out: what the rhythm made due is settled, and the next news becomes due."""
    incident.undertakings.filter(settled_at=None, by_rhythm=True).update(settled_at=now)
    if State(incident.state) in UNMENDED:
        _set_rhythm(incident, minutes=BEHAVIOUR[_severity(incident)].news_within, now=now)


def _set_rhythm(incident: Incident, *, minutes: int | None, now: datetime) -> None:
    """Make the next news due; an undertaking that a person gave stands before the rhythm."""
    if minutes is None:
        return
    open_ones = Undertaking.objects.filter(incident=incident, settled_at=None)
    if open_ones.filter(by_rhythm=False).exists():
        return
    due_at = now + timedelta(minutes=minutes)
    standing = open_ones.filter(by_rhythm=True).order_by("due_at").first()
    if standing is None:
        Undertaking.objects.create(
            incident=incident, to=EVERYBODY, due_at=due_at, said_at=now, by_rhythm=True
        )
    elif due_at < standing.due_at:
        standing.due_at = due_at
        standing.save(update_fields=["due_at"])


def _severity(incident: Incident) -> Severity:
    override = Severity(incident.override_severity) if incident.override_severity else None
    return effective(Severity(incident.rule_severity), override)
