"""Who looked at a patient and who changed what is known: read from the journal, for the patient."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from standvast.core.journal.api import EntryRow, who_looked
from standvast.kit.words import marked
from standvast.registry.access.api import ROLE_TITLES, Role
from standvast.registry.patients.rows import KIND
from standvast.registry.people.api import person_names

DONE: Mapping[str, str] = {
    "patients.registered": marked("registered"),
    "patients.corrected": marked("corrected"),
    "patients.seen": marked("looked"),
    "patients.merged": marked("brought together with a double"),
    "patients.taken_apart": marked("took a double apart"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One line: when, who, as what, and what they did."""

    at: datetime
    name: str
    role_title: str
    done: str


def looks_at(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> tuple[Look, ...]:
    """Return the last 500 looks at and changes of a patient, newest first."""
    entries = who_looked(KIND, str(patient_id), organisation_id)
    names = person_names({entry.person_id for entry in entries if entry.person_id})
    return tuple(_look(entry, names) for entry in entries)


def _look(entry: EntryRow, names: Mapping[uuid.UUID, str]) -> Look:
    name = names.get(entry.person_id, "") if entry.person_id else ""
    return Look(
        at=entry.at,
        name=name,
        role_title=ROLE_TITLES[Role(entry.role)] if entry.role in set(Role) else "",
        done=DONE.get(entry.event, entry.event),
    )
