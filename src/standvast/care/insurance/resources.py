"""Coverage as FHIR has it: what is asked, and how somebody's insurance stands. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.views import CoverageView
from standvast.fhir.api import Json
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

UZOVI = "http://fhir.nl/fhir/NamingSystem/uzovi"
AGE = "urn:standvast:answer-age"
"""Extension: how old the answer is that stands here, in seconds."""
ASKED = "urn:standvast:coverage"
VALIDATION = "validation"
IN_FORCE = {Status.INSURED: True, Status.NOT_INSURED: False}
"""Unknown is neither: nothing is said then."""


class RequestNotTaken(Invalid):
    """A request asks what is not answered here."""

    code = "insurance.request_not_taken"


@dataclass(frozen=True, slots=True)
class Asked:
    """About whom a request asks: by their id here, or by one of their numbers and its system."""

    patient_id: uuid.UUID | None
    system: str = ""
    number: str = ""


def asked_in(resource: Mapping[str, Any], *, today: date) -> Asked:
    """Return about whom a CoverageEligibilityRequest asks; it was validated.

    :raises RequestNotTaken: if it asks for more than whether they are insured, or about a day that
        is not today.
    """
    if resource.get("purpose") != [VALIDATION]:
        raise RequestNotTaken(
            marked("Only whether somebody is insured is asked here: purpose validation.")
        )
    if resource.get("status") != "active":
        raise RequestNotTaken(marked("Only a request that is active is asked."))
    if "servicedPeriod" in resource or resource.get("servicedDate", "") not in (
        "",
        today.isoformat(),
    ):
        raise RequestNotTaken(marked("Coverage is asked about today: leave the day out."))
    patient = resource.get("patient", {})
    kind, _, text = str(patient.get("reference", "")).rpartition("/")
    if text and kind.rpartition("/")[2] == "Patient":
        try:
            return Asked(uuid.UUID(text))
        except ValueError:
            pass
    identifier = patient.get("identifier", {})
    if identifier.get("value"):
        return Asked(None, identifier.get("system", ""), identifier["value"])
    raise RequestNotTaken(marked("Name the patient by Patient/id, or by an identifier."))


def response_of(
    found: CoverageView, *, awaited: bool, is_stuck: bool, said: str, now: datetime
) -> Json:
    """Return how somebody's insurance stands, as the page shows it.

    While an answer is awaited (`queued`) the last known one stands, with its age. `said` is what a
    person is told, in their language.
    """
    outcome = "error" if is_stuck else "queued" if awaited else "complete"
    at = found.answered_at or found.asked_at or now
    answer: Json = {
        "resourceType": "CoverageEligibilityResponse",
        "id": str(found.id),
        "status": "active",
        "purpose": [VALIDATION],
        "patient": {"reference": f"Patient/{found.patient_id}"},
        "created": at.isoformat(),
        "request": {"identifier": {"system": ASKED, "value": str(found.check_id or found.id)}},
        "outcome": outcome,
        "insurer": _insurer(found.insurer),
    }
    if said:
        answer["disposition"] = said
    if found.answered_on is not None:
        answer["servicedDate"] = found.answered_on.isoformat()
    if found.answered_at is not None:
        answer["extension"] = [_age(found.answered_at, now)]
    if found.status in IN_FORCE:
        insurance: Json = {
            "coverage": {"reference": "#coverage"},
            "inforce": IN_FORCE[found.status],
        }
        if period := _period(found):
            insurance["benefitPeriod"] = period
        answer["insurance"] = [insurance]
        answer["contained"] = [_coverage(found)]
    return answer


def _age(answered_at: datetime, now: datetime) -> Json:
    seconds = max(0, int((now - answered_at).total_seconds()))
    unit = {"unit": "s", "system": "http://unitsofmeasure.org", "code": "s"}
    return {"url": AGE, "valueDuration": {"value": seconds, **unit}}


def _insurer(uzovi: str) -> Json:
    if not uzovi:
        return {"display": "unknown"}
    return {"identifier": {"system": UZOVI, "value": uzovi}}


def _period(found: CoverageView) -> Json:
    both = (("start", found.from_on), ("end", found.until_on))
    return {name: day.isoformat() for name, day in both if day is not None}


def _coverage(found: CoverageView) -> Json:
    coverage: Json = {
        "resourceType": "Coverage",
        "id": "coverage",
        "status": "active" if IN_FORCE[found.status] else "cancelled",
        "beneficiary": {"reference": f"Patient/{found.patient_id}"},
        "payor": [_insurer(found.insurer)],
    }
    if found.insured_number:
        coverage["subscriberId"] = found.insured_number
    if period := _period(found):
        coverage["period"] = period
    if found.package:
        plan = {"system": "http://terminology.hl7.org/CodeSystem/coverage-class", "code": "plan"}
        coverage["class"] = [{"type": {"coding": [plan]}, "value": found.package}]
    return coverage
