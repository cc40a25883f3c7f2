"""Somebody reads how a patient's insurance stands: read and written down in one transaction."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.care.insurance.queries.coverage import coverage_view, to_look_at
from standvast.care.insurance.records import check_sees_coverage
from standvast.care.insurance.told import entry
from standvast.care.insurance.views import CoverageView
from standvast.core.journal.api import record, record_many
from standvast.kit.actor import Actor
from standvast.registry.patients.api import check_patient


@transaction.atomic(durable=True)
def answered_since(*, actor: Actor, patient_id: uuid.UUID, now: datetime) -> CoverageView | None:
    """Return what is known once nothing is awaited any more, and write down that it was read.

    :raises PatientNotFound: if the organisation has no such patient.
    """
    check_sees_coverage(actor)
    check_patient(actor.organisation_id, patient_id)
    found = coverage_view(actor.organisation_id, patient_id)
    if found is None or found.is_under_way:
        return None
    record(entry(actor, patient_id, "R", "insurance.seen", now))
    return found


@transaction.atomic(durable=True)
def work_list(*, actor: Actor, now: datetime) -> tuple[CoverageView, ...]:
    """Return about whose insurance somebody must do something; each look is written down."""
    check_sees_coverage(actor)
    found = to_look_at(actor.organisation_id)
    record_many([entry(actor, one.patient_id, "R", "insurance.seen", now) for one in found])
    return found
