"""Somebody looks a patient up, or at one: read and written down in one transaction."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import record
from standvast.kit.actor import Actor
from standvast.registry.patients.queries import patient_view, patients_found
from standvast.registry.patients.rows import check_sees, looked_up, tell
from standvast.registry.patients.rules import search_of
from standvast.registry.patients.views import PatientRow, PatientView


@transaction.atomic(durable=True)
def look_up(*, actor: Actor, text: str, now: datetime) -> tuple[PatientRow, ...]:
    """Return at most 50 patients that fit what was typed; journaled, a miss as well.

    :raises SearchTooShort: if there is too little to search by.
    :raises RightMissing: if a rule lets the actor search, but shows no record.
    """
    check_sees(actor)
    found = patients_found(actor.organisation_id, search_of(text))
    record(looked_up(actor, len(found), now))
    return found


@transaction.atomic(durable=True)
def look_at(*, actor: Actor, patient_id: uuid.UUID, now: datetime) -> PatientView:
    """Return a patient, and write down who looked.

    :raises PatientNotFound: if the organisation has no such patient.
    :raises RightMissing: if a rule shows the actor no record.
    """
    check_sees(actor)
    found = patient_view(actor.organisation_id, patient_id)
    tell(actor, patient_id, "R", "patients.seen", now)
    return found
