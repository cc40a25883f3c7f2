"""The card about insurance on a patient's page: what is known, and what is awaited."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from standvast.care.insurance.hearing import EVENTS_LANE
from standvast.care.insurance.operations.asking import LANE
from standvast.care.insurance.queries.coverage import coverage_view
from standvast.care.insurance.records import COVERAGE
from standvast.care.insurance.rules.coverage import SAID, Status
from standvast.care.insurance.views import CoverageView
from standvast.core.delivery.api import State, receipt_of
from standvast.events.patients import PatientRegistered
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import may, may_record
from standvast.registry.patients.api import PatientCard

PLAIN = "insured"
"""The title says it all."""
LATE_AFTER = timedelta(seconds=3)
"""Who looks at a patient has this long for an answer; then the last one known must do."""
TITLES = {
    Status.INSURED: marked("insured"),
    Status.NOT_INSURED: marked("not insured"),
    Status.UNKNOWN: marked("not known"),
}
STUCK = marked("The check could not be done. The desk sees it and looks into it.")
KINDS = {Status.INSURED: "ok", Status.NOT_INSURED: "harm", Status.UNKNOWN: "late"}


@dataclass(frozen=True, slots=True)
class CoverageCard:
    """What the card shows. Texts are marked."""

    patient_id: uuid.UUID
    coverage: CoverageView | None
    title: str
    kind: str
    said: str
    awaited: str
    """What is so while an answer is awaited; empty when none is."""
    is_late: bool
    is_stuck: bool
    """Whether the question reached an operator instead of an answer."""
    may_check: bool


def card_for(actor: Actor, patient_id: uuid.UUID, now: datetime) -> PatientCard | None:
    """Return the card for the patient's page; None for who may not see it."""
    if not may_record(actor, "insurance.see", COVERAGE):
        return None
    return PatientCard("insurance/_coverage.html", coverage_card(actor, patient_id, now))


def coverage_card(actor: Actor, patient_id: uuid.UUID, now: datetime) -> CoverageCard:
    """Return how somebody's insurance stands, as the card shows it."""
    found = coverage_view(actor.organisation_id, patient_id)
    status = found.status if found else Status.UNKNOWN
    awaited, is_late = _awaited(found, patient_id, now)
    return CoverageCard(
        patient_id=patient_id,
        coverage=found,
        title=TITLES[status],
        kind=KINDS[status],
        said=SAID.get(found.code, "") if found and found.code != PLAIN else "",
        awaited=awaited,
        is_late=is_late,
        is_stuck=awaited == STUCK,
        may_check=bool(settings.COVERAGE_URL)
        and (not awaited or bool(found and found.is_asked_with_others))
        and may(actor, "insurance.check"),
    )


def _awaited(found: CoverageView | None, patient_id: uuid.UUID, now: datetime) -> tuple[str, bool]:
    """Return what is said of the question under way, and whether it takes long."""
    if not settings.COVERAGE_URL:
        return "", False
    if found is None and _is_about_to_be_asked(patient_id):
        return marked("Being checked. You need not wait for it."), False
    if found is None:  # registered before anybody was asked here
        return "", False
    if found.check_id is None or found.asked_at is None:
        return "", False
    delivery = receipt_of(LANE, found.delivery_key)
    if delivery is not None and delivery.state is State.REFUSED:
        return STUCK, True
    if found.is_asked_with_others:
        return marked("Asked along with the whole practice. Check now to have it sooner."), False
    if now - found.asked_at > LATE_AFTER:
        return (
            marked("The insurers answer late. The check goes on by itself; nothing waits for it."),
            True,
        )
    return marked("Being checked. You need not wait for it."), False


def _is_about_to_be_asked(patient_id: uuid.UUID) -> bool:
    """Whether we have yet to hear that somebody was registered."""
    told = receipt_of(EVENTS_LANE.name, f"{PatientRegistered.name}.{patient_id}")
    return told is not None and told.state not in (State.ACCEPTED, State.REFUSED)
