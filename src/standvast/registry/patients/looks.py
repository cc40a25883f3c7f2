"""Who looked at a patient and who changed what is known: read from the journal, for the patient."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from standvast.core.journal.api import THROUGH, EntryRow, who_looked
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.api import ROLE_TITLES, Role, purpose_title
from standvast.registry.patients.contributions import DEEDS, LOOK_KINDS
from standvast.registry.patients.doubles import one_person
from standvast.registry.patients.rows import KIND
from standvast.registry.people.api import person_names

SHOWN_MAX = 500
DONE: Mapping[str, str] = {
    "patients.registered": marked("registered"),
    "patients.corrected": marked("corrected"),
    "patients.seen": marked("looked"),
    "patients.merged": marked("brought together with a double"),
    "grants.patient_shown": marked("let an app look"),
    "patients.taken_apart": marked("took a double apart"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One line: when, who, through which app of another if any, as what, and what they did."""

    at: datetime
    name: str
    app: str
    role_title: str
    done: str
    purpose: str
    """In an emergency: for what; marked. Empty for plain work."""


def looks_at(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> tuple[Look, ...]:
    """Return the last 500 looks at and changes of a patient, newest first.

    Those at a double count, and what other services show of a patient.
    """
    entries = _entries(organisation_id, patient_id)
    names = person_names({entry.person_id for entry in entries if entry.person_id})
    done = dict(DONE) | dict(wired(DEEDS))
    return tuple(_look(entry, names, done) for entry in entries)


def _entries(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> list[EntryRow]:
    rows = one_person(organisation_id, [patient_id]).get(patient_id, (patient_id,))
    found = [
        entry
        for kind in (KIND, *wired(LOOK_KINDS))
        for row in rows
        for entry in who_looked(kind, str(row), organisation_id)
    ]
    return sorted(found, key=lambda one: (one.at, one.position), reverse=True)[:SHOWN_MAX]


def _look(entry: EntryRow, names: Mapping[uuid.UUID, str], done: Mapping[str, str]) -> Look:
    name = names.get(entry.person_id, "") if entry.person_id else ""
    return Look(
        at=entry.at,
        name=name,
        app=str(entry.detail.get(THROUGH, "")),
        role_title=ROLE_TITLES[Role(entry.role)] if entry.role in set(Role) else "",
        done=done.get(entry.event, entry.event),
        purpose=purpose_title(entry.purpose),
    )
