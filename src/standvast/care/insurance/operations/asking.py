"""A question to the insurers is handed to its lane; nobody waits for the answer."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from standvast.care.insurance.models import Check, Coverage
from standvast.care.insurance.queries.coverage import search_for
from standvast.care.insurance.records import check_asks
from standvast.care.insurance.rules.coverage import Path, Status
from standvast.care.insurance.rules.repeats import is_asked_again
from standvast.care.insurance.told import entry
from standvast.core.delivery.api import State, Urgency, enqueue, receipt_of
from standvast.core.journal.api import record
from standvast.events.patients import PatientCorrected, PatientRegistered
from standvast.kit.actor import Actor, house_actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.patients.api import check_patient

LANE = "insurance.coverage"
FORGOTTEN_AFTER = timedelta(days=15)
"""Longer than the lane keeps a question: one that old will not be answered any more."""


class CoverageNotSetUp(Refused):
    """This installation asks no insurers."""

    code = "insurance.not_set_up"


@transaction.atomic(durable=True)
def check_now(*, actor: Actor, patient_id: uuid.UUID, now: datetime) -> None:
    """Ask whether a patient is insured today, ahead of what is asked at leisure.

    Safe to repeat: while a question is under way there is no second one.

    :raises CoverageNotSetUp: if this installation asks no insurers.
    :raises PatientNotFound: if the organisation has no such patient.
    """
    check_asks(actor)
    check_patient(actor.organisation_id, patient_id)
    if not settings.COVERAGE_URL:
        raise CoverageNotSetUp(marked("No insurers are asked here: no service is set up."))
    _ask(actor, patient_id, Urgency.URGENT, now)


@transaction.atomic(durable=True)
def check_all(*, actor: Actor, patient_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """Ask about many of the organisation's patients at leisure.

    Safe to repeat: while a question is under way there is no second one.

    :raises CoverageNotSetUp: if this installation asks no insurers.
    :raises PatientNotFound: if the organisation has no such patient.
    """
    if not settings.COVERAGE_URL:
        raise CoverageNotSetUp(marked("No insurers are asked here: no service is set up."))
    for patient_id in sorted(patient_ids):
        _ask(actor, patient_id, Urgency.NORMAL, now)


def on_patient_registered(event: PatientRegistered, *, now: datetime) -> None:
    """Ask about somebody new by itself: whoever registered them went on long ago."""
    if settings.COVERAGE_URL:
        _ask(house_actor(event.organisation_id), event.patient_id, Urgency.NORMAL, now)


def on_patient_corrected(event: PatientCorrected, *, now: datetime) -> None:
    """Ask anew: a number or an address that was mended may be what the answer lacked.

    A question that is being answered at this moment was asked by what was known before: it is
    asked again, and its answer changes nothing any more.
    """
    if settings.COVERAGE_URL:
        _ask(
            house_actor(event.organisation_id),
            event.patient_id,
            Urgency.NORMAL,
            now,
            has_changed=True,
        )


def _ask(
    actor: Actor,
    patient_id: uuid.UUID,
    urgency: Urgency,
    now: datetime,
    *,
    has_changed: bool = False,
) -> None:
    """Write the question and its delivery; locks the patient's coverage."""
    assert connection.in_atomic_block, "a question belongs in the transaction that asks for it"
    row = _locked(actor.organisation_id, patient_id)
    if (check := row.check_under_way) and row.asked_at and now - row.asked_at < FORGOTTEN_AFTER:
        receipt = receipt_of(LANE, check.delivery_key)
        state = receipt.state if receipt else None
        if not is_asked_again(
            is_waiting=state is State.WAITING,
            is_answered=state is State.ACCEPTED,
            has_changed=has_changed,
            is_overtaking=urgency is Urgency.URGENT and check.message_id is not None,
        ):
            return
    today = timezone.localdate(now)
    search = search_for(actor.organisation_id, patient_id, on=today)
    row.asked_at = now
    if search.path is Path.NONE:
        row.status, row.code, row.check_under_way = Status.UNKNOWN.value, "cannot_ask", None
        row.save(update_fields=["status", "code", "check_under_way", "asked_at"])
        return
    check = Check.objects.create(
        organisation_id=actor.organisation_id,
        patient_id=patient_id,
        on=today,
        path=search.path.value,
        asked_at=now,
    )
    row.check_under_way = check
    row.save(update_fields=["check_under_way", "asked_at"])
    record(entry(actor, patient_id, "E", "insurance.asked", now))
    enqueue(
        lane=LANE,
        subject=str(patient_id),
        key=str(check.id),
        payload={"check_ids": [str(check.id)]},
        urgency=urgency,
        now=now,
    )


def _locked(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> Coverage:
    Coverage.objects.bulk_create(
        [Coverage(organisation_id=organisation_id, patient_id=patient_id)], ignore_conflicts=True
    )
    return (
        Coverage.objects.select_for_update(no_key=True, of=("self",))
        .select_related("check_under_way")
        .get(organisation_id=organisation_id, patient_id=patient_id)
    )
