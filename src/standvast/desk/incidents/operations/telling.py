"""Telling people: starts by itself at major and critical, with words approved beforehand."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from standvast.desk.incidents.models import Incident, Undertaking
from standvast.desk.incidents.operations.records import component_of, write_entry
from standvast.desk.incidents.rules.behaviour import BEHAVIOUR
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Severity, effective
from standvast.desk.incidents.rules.states import UNMENDED, State
from standvast.desk.incidents.slots import approved_text
from standvast.kit.actor import Actor

EVERYBODY = "everybody who uses it"


def words_for(incident: Incident, severity: Severity) -> dict[str, str]:
    """Return the approved words, else a plain sentence that is true of any component."""
    approved = approved_text(incident.component, severity)
    if approved is not None:
        return dict(approved.texts)
    component = component_of(incident.component)
    said = {}
    for language in ("nl", "fr", "en"):
        with translation.override(language):
            said[language] = gettext(
                "{component} does not work as it should. We know, and we are working on it."
            ).format(component=gettext(component.title))
    return said


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
    incident.save(update_fields=["told_at"])
    write_entry(
        incident,
        EntryKind.NEWS,
        texts,
        now=now,
        actor=actor,
        source="rule",
        pinned=True,
        public=True,
    )


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


def end_telling(incident: Incident, target: State, *, actor: Actor, now: datetime) -> None:
    """Settle the rhythm of news: the last news is that it is over, or to be confirmed."""
    incident.undertakings.filter(settled_at=None, by_rhythm=True).update(settled_at=now)


def settle_rhythm(incident: Incident, *, now: datetime) -> None:
    """News went out: what the rhythm made due is settled, and the next news becomes due."""
    incident.undertakings.filter(settled_at=None, by_rhythm=True).update(settled_at=now)
    if State(incident.state) in UNMENDED:
        _set_rhythm(incident, minutes=BEHAVIOUR[_severity(incident)].news_within, now=now)


def _severity(incident: Incident) -> Severity:
    override = Severity(incident.override_severity) if incident.override_severity else None
    return effective(Severity(incident.rule_severity), override)
