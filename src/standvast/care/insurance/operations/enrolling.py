"""Patients come into a programme and leave it, and what is done in it is written down."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from standvast.care.insurance.models import Activity, Enrolment, Line
from standvast.care.insurance.records import check_cares
from standvast.care.insurance.rules.claims import STANDING
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import check_done_in, check_programme
from standvast.care.insurance.told import care_entry
from standvast.core.journal.api import record
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.patients.api import check_patient, one_person


class DayNotPossible(Invalid):
    """Nothing can be written down for this day."""

    code = "insurance.day_not_possible"


class EnrolledAlready(Refused):
    """The patient is in this programme already."""

    code = "insurance.enrolled_already"


class EnrolmentNotFound(NotFound):
    """No such enrolment in this organisation."""

    code = "insurance.enrolment_not_found"


class ActivityNotFound(NotFound):
    """No such activity in this organisation."""

    code = "insurance.activity_not_found"


@transaction.atomic(durable=True)
def enrol(
    *,
    actor: Actor,
    patient_id: uuid.UUID,
    programme: str,
    from_on: date,
    main: Main,
    now: datetime,
) -> uuid.UUID:
    """Put a patient in a programme from a day on; return the enrolment. The same again changes
    nothing.

    :raises PatientNotFound: if the organisation has no such patient.
    :raises NotInProgramme: if there is no such programme.
    :raises DayNotPossible: if the day is yet to come.
    :raises EnrolledAlready: if the patient is in it, since another day.
    """
    check_cares(actor)
    check_patient(actor.organisation_id, patient_id)
    check_programme(programme)
    _check_day(from_on, now)
    own = Enrolment.objects.filter(
        organisation_id=actor.organisation_id,
        patient_id__in=_rows_of(actor, patient_id),
        programme=programme,
    )
    if (same := own.filter(from_on=from_on, until_on__isnull=True).first()) is not None:
        return same.id
    if own.filter(until_on__isnull=True).exists():
        raise EnrolledAlready(_is_in_it())
    try:
        with transaction.atomic():
            row = Enrolment.objects.create(
                organisation_id=actor.organisation_id,
                patient_id=patient_id,
                programme=programme,
                from_on=from_on,
                main=main.value,
                practitioner_id=actor.person_id if main is Main.HERE else None,
                recorded_at=now,
            )
    except IntegrityError as error:  # another process did it just now, or they left since that day
        raise EnrolledAlready(_is_in_it()) from error
    record(care_entry(actor, patient_id, "C", "insurance.enrolled", now, programme=programme))
    return row.id


@transaction.atomic(durable=True)
def leave(*, actor: Actor, enrolment_id: uuid.UUID, until_on: date, now: datetime) -> None:
    """End an enrolment: `until_on` is the first day on which the patient is not in it.

    :raises EnrolmentNotFound: if the organisation has none such.
    :raises DayNotPossible: if that is not after the day it began.
    """
    check_cares(actor)
    row = own_enrolment(actor.organisation_id, enrolment_id)
    if until_on <= row.from_on:
        raise DayNotPossible(marked("That is before the day on which it began."))
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    record(care_entry(actor, row.patient_id, "U", "insurance.left", now, programme=row.programme))


@transaction.atomic(durable=True)
def record_activity(
    *,
    actor: Actor,
    patient_id: uuid.UUID,
    programme: str,
    code: str,
    done_on: date,
    now: datetime,
) -> uuid.UUID:
    """Write down what the actor did for a patient; return it. The same again is the same one.

    :raises PatientNotFound: if the organisation has no such patient.
    :raises NotInProgramme: if the programme has no such activity.
    :raises DayNotPossible: if the day is yet to come.
    """
    check_cares(actor)
    check_patient(actor.organisation_id, patient_id)
    check_done_in(programme, code)
    _check_day(done_on, now)
    row, is_new = written_down(
        actor=actor,
        patient_id=patient_id,
        programme=programme,
        code=code,
        done_on=done_on,
        said={"person_id": actor.person_id, "recorded_at": now},
    )
    if is_new:
        record(care_entry(actor, patient_id, "C", "insurance.done", now, programme=programme))
    return row.id


def written_down(
    *,
    actor: Actor,
    patient_id: uuid.UUID,
    programme: str,
    code: str,
    done_on: date,
    said: Mapping[str, object],
) -> tuple[Activity, bool]:
    """Return what was done for a person on a day, and whether it is new; `said` is told of it then.

    Inside the caller's transaction. Whichever row of the register it was written under, it is one.
    """
    same: dict[str, Any] = {
        "organisation_id": actor.organisation_id,
        "programme": programme,
        "code": code,
        "done_on": done_on,
        "withdrawn_at": None,
    }
    known = Activity.objects.filter(patient_id__in=_rows_of(actor, patient_id), **same)
    if (row := known.order_by("id").first()) is not None:
        return row, False
    return Activity.objects.get_or_create(patient_id=patient_id, **same, defaults=dict(said))


@transaction.atomic(durable=True)
def withdraw_activity(*, actor: Actor, activity_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Say that something was written down by mistake; return whose it was. Again changes nothing.

    A line that went for it stays as it went, and says that its ground is gone.

    :raises ActivityNotFound: if the organisation has none such.
    """
    check_cares(actor)
    row = (
        Activity.objects.select_for_update(no_key=True)
        .filter(organisation_id=actor.organisation_id, id=activity_id)
        .first()
    )
    if row is None:
        raise ActivityNotFound(marked("There is no such activity in your organisation."))
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        went = Line.objects.filter(activity=row, submission__isnull=False, credits__isnull=True)
        went.filter(state__in=STANDING).update(is_groundless=True)
        record(care_entry(actor, row.patient_id, "D", "insurance.not_done", now))
    return row.patient_id


def is_enrolled(*, actor: Actor, patient_id: uuid.UUID, programme: str, day: date) -> bool:
    """Whether a person was in a programme on a day, and not as another practice's patient."""
    return (
        Enrolment.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=day),
            organisation_id=actor.organisation_id,
            patient_id__in=_rows_of(actor, patient_id),
            programme=programme,
            from_on__lte=day,
        )
        .exclude(main=Main.ELSEWHERE.value)
        .exists()
    )


def own_enrolment(organisation_id: uuid.UUID, enrolment_id: uuid.UUID) -> Enrolment:
    """Return an enrolment of an organisation, locked.

    :raises EnrolmentNotFound: if it has none such.
    """
    row = (
        Enrolment.objects.select_for_update(no_key=True)
        .filter(organisation_id=organisation_id, id=enrolment_id)
        .first()
    )
    if row is None:
        raise EnrolmentNotFound(marked("There is no such enrolment in your organisation."))
    return row


def _check_day(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise DayNotPossible(marked("That day is yet to come."))


def _rows_of(actor: Actor, patient_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return every row of the register that is this person."""
    return one_person(actor.organisation_id, [patient_id]).get(patient_id, (patient_id,))


def _is_in_it() -> str:
    return marked("This patient is in this programme already.")
