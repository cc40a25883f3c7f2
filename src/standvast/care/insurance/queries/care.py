"""Reads: who is in a programme, and what was done. Frozen rows, for pages and for others."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from standvast.care.insurance.models import Activity, Enrolment
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import Origin
from standvast.care.insurance.views import ActivityRow, EnrolmentRow

ROWS_MAX = 50_000
"""More than one organisation has in fifteen months."""


def enrolments_between(
    organisation_id: uuid.UUID, *, from_on: date, until_on: date
) -> tuple[EnrolmentRow, ...]:
    """Return who was in a programme on any day of a period; the last day is not part of it."""
    rows = (
        Enrolment.objects.filter(organisation_id=organisation_id, from_on__lt=until_on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on))
        .order_by("from_on", "id")[:ROWS_MAX]
    )
    return tuple(_enrolment(row) for row in rows)


def activities_between(
    organisation_id: uuid.UUID, *, from_on: date, until_on: date
) -> tuple[ActivityRow, ...]:
    """Return what was done in a period; the last day is not part of it, nor what was withdrawn."""
    rows = Activity.objects.filter(
        organisation_id=organisation_id,
        done_on__gte=from_on,
        done_on__lt=until_on,
        withdrawn_at__isnull=True,
    ).order_by("done_on", "id")[:ROWS_MAX]
    return tuple(_activity(row) for row in rows)


def enrolments_of(
    organisation_id: uuid.UUID, patient_ids: Iterable[uuid.UUID]
) -> tuple[EnrolmentRow, ...]:
    """Return in which programmes these patients are or were, newest first."""
    rows = Enrolment.objects.filter(
        organisation_id=organisation_id, patient_id__in=list(patient_ids)
    ).order_by("-from_on", "id")[:ROWS_MAX]
    return tuple(_enrolment(row) for row in rows)


def activities_of(
    organisation_id: uuid.UUID, patient_ids: Iterable[uuid.UUID], *, limit: int
) -> tuple[ActivityRow, ...]:
    """Return what was done for these patients, newest first."""
    rows = Activity.objects.filter(
        organisation_id=organisation_id,
        patient_id__in=list(patient_ids),
        withdrawn_at__isnull=True,
    ).order_by("-done_on", "-id")[:limit]
    return tuple(_activity(row) for row in rows)


def _enrolment(row: Enrolment) -> EnrolmentRow:
    return EnrolmentRow(
        id=row.id,
        patient_id=row.patient_id,
        programme=row.programme,
        from_on=row.from_on,
        until_on=row.until_on,
        main=Main(row.main),
        practitioner_id=row.practitioner_id,
        origin=Origin(row.origin),
    )


def _activity(row: Activity) -> ActivityRow:
    return ActivityRow(
        id=row.id,
        patient_id=row.patient_id,
        programme=row.programme,
        code=row.code,
        done_on=row.done_on,
        person_id=row.person_id,
        partner=row.partner,
        origin=Origin(row.origin),
    )
