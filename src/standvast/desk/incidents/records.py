"""The writes that every operation here makes: the locked row, the entry, the journal line."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from standvast.core.health.api import COMPONENTS, Component
from standvast.core.journal.api import entry_of, record
from standvast.desk.incidents.models import Entry, Incident
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import Missing
from standvast.kit.actor import Actor, house_actor
from standvast.kit.errors import Invalid, NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.organisations.api import Kind, organisations_of_kinds

LANGUAGES = ("nl", "fr", "en")
Texts = Mapping[str, str]


class IncidentNotFound(NotFound):
    """There is no incident of this number."""

    code = "incidents.not_found"


class ComponentUnknown(Invalid):
    """Nothing of this name is declared."""

    code = "incidents.component_unknown"


@dataclass(frozen=True)
class IncidentKey:
    """How others name an incident."""

    id: uuid.UUID
    number: str


def key_of(incident: Incident) -> IncidentKey:
    """Return the incident's id and number."""
    return IncidentKey(incident.id, incident.number)


def component_of(slug: str) -> Component:
    """Return the declared component.

    :raises ComponentUnknown: if none has this slug.
    """
    for component in wired(COMPONENTS):
        if component.slug == slug:
            return component
    raise ComponentUnknown(marked("Choose what it is about from the list."))


def locked(incident_id: uuid.UUID) -> Incident:
    """Return the incident with its row locked until the transaction ends.

    :raises IncidentNotFound: if there is none.
    """
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    found = Incident.objects.select_for_update().filter(id=incident_id).first()
    if found is None:
        raise IncidentNotFound(marked("There is no such incident."))
    return found


def lock_scope(component: str) -> None:
    """Let one at a time decide whether this component has an incident."""
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('incidents.scope'), hashtext(%s))", [component]
        )


def texts_of(template: str, **values: object) -> dict[str, str]:
    """Return a marked sentence in the three languages; marked values are said in each too."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            spoken = {
                name: gettext(value) if isinstance(value, str) and value else value
                for name, value in values.items()
            }
            said[language] = gettext(template).format(**spoken) if values else gettext(template)
    return said


def as_written(text: str, language: str) -> dict[str, str]:
    """Return a person's own words, under the language they wrote in."""
    return {language if language in LANGUAGES else "nl": text}


def in_words(missing: tuple[Missing, ...]) -> str:
    """Return what is missing as one sentence in the active language."""
    parts = [
        gettext(gap.template).format(
            **{
                name: gettext(value) if isinstance(value, str) and value else value
                for name, value in gap.values.items()
            }
        )
        for gap in missing
    ]
    return "; ".join(parts)


say_late = gettext_lazy
"""Translate when shown, in the language of whoever reads."""


def write_entry(
    incident: Incident,
    kind: EntryKind,
    texts: Texts,
    *,
    now: datetime,
    actor: Actor,
    at: datetime | None = None,
    until: datetime | None = None,
    source: str = "desk",
    pinned: bool = False,
    public: bool = False,
) -> Entry:
    """Add a line to the timeline, inside the caller's transaction."""
    assert connection.in_atomic_block, "an entry belongs in the transaction it tells of"
    return Entry.objects.create(
        incident=incident,
        kind=kind.value,
        at=min(at or now, now),
        until=until,
        recorded_at=now,
        person_id=actor.person_id,
        source=source,
        texts=dict(texts),
        pinned=pinned,
        public=public,
    )


def journal(
    incident: Incident,
    actor: Actor,
    *,
    event: str,
    now: datetime,
    action: str = "U",
    **detail: str | int,
) -> None:
    """Write down who did this, inside the caller's transaction."""
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"incidents.{event}",
            record_kind="incident",
            record_id=incident.number,
            detail=detail,
        )
    )


@transaction.atomic(durable=True)
def record_look(*, number: str, actor: Actor, now: datetime) -> None:
    """Write down that somebody read an incident.

    :raises IncidentNotFound: if there is no such number.
    """
    incident = Incident.objects.filter(number=number).first()
    if incident is None:
        raise IncidentNotFound(marked("There is no such incident."))
    journal(incident, actor, event="read", action="R", now=now)


class NoDesk(AssertionError):
    """No organisation of kind platform exists, so nobody runs this desk."""


def desk_actor(role: str = "house") -> Actor:
    """Return the actor for what the desk does by itself."""
    return house_actor(_desk_id(), role=role)


def _desk_id() -> uuid.UUID:
    for platform in organisations_of_kinds(Kind.PLATFORM, limit=1):
        return platform.id
    raise NoDesk("seed an organisation of kind platform first")


atomic = transaction.atomic(durable=True)
"""What every outermost operation is wrapped in."""
