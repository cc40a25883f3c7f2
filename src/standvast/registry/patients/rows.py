"""Rows of patients inside a transaction: locked, saved with the words they are found by, told."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField, Value

from standvast.core.journal.api import Entry, entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import check_record, purpose_of
from standvast.registry.patients.models import Patient, PatientQuerySet
from standvast.registry.patients.queries import PatientNotFound
from standvast.registry.patients.views import name_of
from standvast.registry.patients.words import words_of

KIND = "patients.patient"
RECORD = "patient"
"""What access rules call one patient's record."""


def check_sees(actor: Actor) -> None:
    """Pass if this actor may be shown one patient's record.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    check_record(actor, "patients.see", RECORD)


def check_changes(actor: Actor) -> None:
    """Pass if this actor may change one patient's record.

    :raises RightMissing: with which right and rule it is, and whom to ask.
    """
    check_record(actor, "patients.edit", RECORD)


def own(actor: Actor) -> PatientQuerySet:
    """Return the patients of the actor's organisation."""
    return Patient.objects.of_organisation(actor.organisation_id)


def locked(actor: Actor, patient_id: uuid.UUID) -> Patient:
    """Return a patient, locked.

    :raises PatientNotFound: if the organisation has none such.
    """
    return locked_pair(actor, patient_id, patient_id)[patient_id]


def locked_pair(actor: Actor, one_id: uuid.UUID, other_id: uuid.UUID) -> dict[uuid.UUID, Patient]:
    """Lock in key order.

    :raises PatientNotFound: if the organisation lacks one of them.
    """
    rows = {
        row.id: row
        for row in own(actor)
        .select_for_update(no_key=True)
        .filter(id__in={one_id, other_id})
        .order_by("id")
    }
    if not {one_id, other_id} <= rows.keys():
        raise PatientNotFound(marked("There is no such patient in your organisation."))
    return rows


def save_found(row: Patient, *, is_new: bool = False) -> None:
    """Save the row with the words by which it is found, those of its doubles among them."""
    set_words(row, () if is_new else tuple(row.merged.all()))
    row.save(force_insert=is_new)


def set_words(row: Patient, doubles: Iterable[Patient] = ()) -> None:
    """Give the row the words by which it is found; whoever calls saves it."""
    names = [name_of(one) for one in (row, *doubles)]
    words = words_of(row.organisation_id, row.birth_on, *names)
    row.search = Func(Value(words, ArrayField(TextField())), function="array_to_tsvector")


def tell(
    actor: Actor, patient_id: uuid.UUID, action: str, event: str, now: datetime, **detail: str | int
) -> None:
    """Write down what the actor did to a patient; ids and figures only."""
    record(entry(actor, patient_id, action, event, now, **detail))


def entry(
    actor: Actor, patient_id: uuid.UUID, action: str, event: str, now: datetime, **detail: str | int
) -> Entry:
    """Return the line for what the actor did to a patient; ids and figures only."""
    return entry_of(
        actor,
        at=now,
        action=action,
        event=event,
        record_kind=KIND,
        record_id=patient_id,
        detail=detail,
        purpose=purpose_of(actor, "patients.see"),
    )


def looked_up(actor: Actor, found_count: int, now: datetime) -> Entry:
    """Return the line for a search: how many it found, never what was typed."""
    return entry_of(
        actor,
        at=now,
        action="R",
        event="patients.looked_up",
        record_kind="patients.search",
        record_id="",
        detail={"found": found_count},
        purpose=purpose_of(actor, "patients.see"),
    )
