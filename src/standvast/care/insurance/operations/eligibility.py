"""Coverage by FHIR: asked and read exactly as on the page, each look written down."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from standvast.care.insurance.cards import coverage_card
from standvast.care.insurance.operations.asking import check_now
from standvast.care.insurance.queries.coverage import patient_of_coverage
from standvast.care.insurance.records import check_sees_coverage
from standvast.care.insurance.resources import asked_in, response_of
from standvast.care.insurance.told import entry
from standvast.core.journal.api import record
from standvast.desk.status.api import check_open
from standvast.fhir.api import Asked, Caller, Found, Json, RequestNotRight
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.patients.api import check_patient, patient_by_system
from standvast.web.api import sentence


class NoResponse(NotFound):
    """Nothing was ever asked that has this id, or not for this organisation."""

    code = "insurance.no_response"


def submit_request(*, caller: Caller, resource: Json, now: datetime) -> Json:
    """Ask whether a patient is insured, and return what is known: nobody waits for the insurers.

    :raises RequestNotTaken: if it asks what is not answered here.
    :raises PatientNotFound, OutOfContext: if the caller has no such patient.
    :raises CoverageNotSetUp, Closed: if nobody is asked here, or not now.
    """
    asked, actor = asked_in(resource, today=timezone.localdate(now)), caller.actor
    check_open("insurance.check", actor.organisation_id)
    patient_id = asked.patient_id
    if patient_id is None:
        patient_id = patient_by_system(actor.organisation_id, asked.system, asked.number)
    caller.check_patient(patient_id)
    check_now(actor=actor, patient_id=patient_id, now=now)
    return _shown(caller=caller, patient_id=patient_id, now=now)


def read_response(*, caller: Caller, resource_id: uuid.UUID, now: datetime) -> Json:
    """Return how somebody's insurance stands now, by the id that was given to a request.

    :raises NoResponse, OutOfContext: if the caller's organisation has none such.
    """
    patient_id = patient_of_coverage(caller.actor.organisation_id, resource_id)
    if patient_id is None:
        raise NoResponse(marked("There is no such answer in your organisation."))
    caller.check_patient(patient_id)
    return _shown(caller=caller, patient_id=patient_id, now=now)


def search_responses(*, caller: Caller, asked: Asked, now: datetime) -> Found:
    """Return how the insurance of one patient stands.

    :raises RequestNotRight: if no patient is named.
    :raises PatientNotFound, OutOfContext: if the caller has no such patient.
    """
    try:
        patient_id = uuid.UUID(asked.one("patient").removeprefix("Patient/"))
    except ValueError:
        raise RequestNotRight(marked("Name one patient: patient=Patient/id.")) from None
    caller.check_patient(patient_id)
    check_patient(caller.actor.organisation_id, patient_id)
    try:
        return Found((_shown(caller=caller, patient_id=patient_id, now=now),))
    except NoResponse:
        return Found(())


@transaction.atomic(durable=True)
def _shown(*, caller: Caller, patient_id: uuid.UUID, now: datetime) -> Json:
    check_sees_coverage(caller.actor)
    card = coverage_card(caller.actor, patient_id, now)
    if card.coverage is None:
        raise NoResponse(marked("There is no such answer in your organisation."))
    record(entry(caller.actor, patient_id, "R", "insurance.seen", now))
    said = " ".join(sentence(text, {}) for text in (card.said, card.awaited) if text)
    return response_of(
        card.coverage,
        awaited=bool(card.awaited),
        is_stuck=card.is_stuck,
        said=said,
        now=now,
    )
