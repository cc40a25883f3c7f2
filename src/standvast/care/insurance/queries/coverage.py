"""Reads: how insurance stands. Whoever shows it to a person journals it: `operations`."""

import uuid
from datetime import date

from standvast.care.insurance.models import Check, Coverage
from standvast.care.insurance.rules.coverage import Search, Status, search_of
from standvast.care.insurance.views import CoverageView, Question
from standvast.kit.words import marked
from standvast.registry.organisations.api import organisation_view
from standvast.registry.patients.api import (
    PatientNotFound,
    PatientView,
    System,
    patient_view,
    patient_views,
)

TO_LOOK_AT = (
    "not_found",
    "data_wrong",
    "many_found",
    "cannot_ask",
    "insured_twice",
    "not_authorised",
)
"""Codes that somebody at the practice mends."""
ROWS_MAX = 200


def search_for(organisation_id: uuid.UUID, patient_id: uuid.UUID, *, on: date) -> Search:
    """Return the question about a patient by the surest path that what is known allows.

    :raises PatientNotFound: if the organisation has no such patient.
    """
    return search_about(patient_view(organisation_id, patient_id), on=on)


def search_about(patient: PatientView, *, on: date) -> Search:
    """Return the question about somebody by the surest path that what is known allows."""
    return search_of(
        birth_on=patient.birth_on,
        on=on,
        bsn=next((value for system, value in patient.numbers if system is System.BSN), ""),
        insured_number=patient.insured_number,
        postcode=patient.postcode,
        house_number=patient.house_number,
    )


def questions_of(check_ids: list[uuid.UUID]) -> list[Question]:
    """Return what is still to be asked of these, each with who asks; answered ones are left out.

    :raises PatientNotFound: if a patient is not there any more.
    """
    checks = list(Check.objects.filter(id__in=check_ids, answered_at__isnull=True).order_by("id"))
    by_organisation: dict[uuid.UUID, list[uuid.UUID]] = {}
    for check in checks:
        by_organisation.setdefault(check.organisation_id, []).append(check.patient_id)
    patients = {
        view.id: view
        for organisation_id, ids in by_organisation.items()
        for view in patient_views(organisation_id, ids)
    }
    if not {check.patient_id for check in checks} <= patients.keys():
        raise PatientNotFound(marked("There is no such patient in your organisation."))
    askers = {one: organisation_view(one).code for one in by_organisation}
    return [
        Question(
            check.id,
            search_about(patients[check.patient_id], on=check.on),
            asker=askers[check.organisation_id],
        )
        for check in checks
    ]


def coverage_view(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> CoverageView | None:
    """Return how a patient's insurance stands; None while nothing was ever asked."""
    row = (
        Coverage.objects.select_related("check_under_way")
        .filter(organisation_id=organisation_id, patient_id=patient_id)
        .first()
    )
    return None if row is None else _view(row)


def patient_of_coverage(organisation_id: uuid.UUID, coverage_id: uuid.UUID) -> uuid.UUID | None:
    """Return whose coverage this is, if it is one of this organisation's patients."""
    row = Coverage.objects.filter(organisation_id=organisation_id, id=coverage_id)
    return row.values_list("patient_id", flat=True).first()


def to_look_at(organisation_id: uuid.UUID) -> tuple[CoverageView, ...]:
    """Return at most 200 patients about whose insurance somebody must do something."""
    rows = Coverage.objects.filter(
        organisation_id=organisation_id, code__in=TO_LOOK_AT, check_under_way__isnull=True
    ).order_by("-asked_at")[:ROWS_MAX]
    return tuple(_view(row) for row in rows)


def to_look_at_count(organisation_id: uuid.UUID) -> int:
    """Return how many there are of those, up to the most that are shown."""
    return (
        Coverage.objects.filter(
            organisation_id=organisation_id, code__in=TO_LOOK_AT, check_under_way__isnull=True
        )
        .order_by()[:ROWS_MAX]
        .count()
    )


def _view(row: Coverage) -> CoverageView:
    asked = row.check_under_way
    return CoverageView(
        id=row.id,
        patient_id=row.patient_id,
        status=Status(row.status),
        code=row.code,
        answered_at=row.answered_at,
        answered_on=row.answered_on,
        insurer=row.insurer,
        insured_number=row.insured_number,
        package=row.package,
        from_on=row.from_on,
        until_on=row.until_on,
        asked_at=row.asked_at,
        check_id=row.check_under_way_id,
        delivery_key=asked.delivery_key if asked else "",
        is_asked_with_others=bool(asked and asked.message_id),
    )
