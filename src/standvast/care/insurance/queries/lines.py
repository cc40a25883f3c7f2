"""Reads: lines of a bundle, what must be decided, what was sent and what was paid."""

import uuid

from django.db.models import Count, F, OuterRef, Q, Subquery

from standvast.care.insurance.models import (
    Coverage,
    Enrolment,
    Line,
    Payment,
    PaymentRow,
    Submission,
)
from standvast.care.insurance.rules.claims import LineState
from standvast.care.insurance.rules.entitlement import OPEN, Held, Main
from standvast.care.insurance.views import (
    BundleRow,
    LineRow,
    OpenRow,
    PaidLine,
    PaymentView,
    SubmissionRow,
)
from standvast.registry.patients.api import one_person

PAGE_LINES = 50
OPEN_MAX = 200
PAYMENT_ROWS_MAX = 20_000
"""As many lines as a message may have."""
SHOWN: dict[str, Q] = {
    "all": ~Q(state="withdrawn"),
    "held": Q(state="draft"),
    "ready": Q(state="in_bundle"),
    "sent": Q(state="submitted"),
    "approved": Q(state="approved"),
    "rejected": Q(state="rejected"),
    "corrected": Q(state="corrected"),
    "groundless": Q(is_groundless=True),
}
"""Which lines a list shows."""


def line_rows(bundle_id: uuid.UUID, *, shown: str, page: int) -> tuple[tuple[LineRow, ...], int]:
    """Return a page of a bundle's lines, 50 at most, and how many there are in all."""
    found = Line.objects.filter(SHOWN.get(shown, SHOWN["all"]), bundle_id=bundle_id)
    rows = found.select_related("activity", "paid", "tariff").order_by(
        "patient_id", "on", "version", "id"
    )
    first = (page - 1) * PAGE_LINES
    return tuple(_line(row) for row in rows[first : first + PAGE_LINES]), found.count()


def line_versions(organisation_id: uuid.UUID, line_id: uuid.UUID) -> tuple[LineRow, ...]:
    """Return every version of a line, the newest first; none if the organisation has none such."""
    one = Line.objects.filter(organisation_id=organisation_id, id=line_id).first()
    if one is None:
        return ()
    rows = Line.objects.filter(
        bundle_id=one.bundle_id, patient_id=one.patient_id, activity=one.activity_id
    )
    return tuple(
        _line(row) for row in rows.select_related("activity", "paid", "tariff").order_by("-version")
    )


def held_counts(bundle_id: uuid.UUID) -> dict[Held, int]:
    """Return how many lines are kept here, by what keeps them."""
    rows = Line.objects.filter(bundle_id=bundle_id, state="draft").values_list("held")
    return {Held(held): count for held, count in rows.annotate(count=Count("id")).order_by("held")}


def held_patients(bundle_id: uuid.UUID, held: Held, *, limit: int) -> tuple[uuid.UUID, ...]:
    """Return patients of whom a line is kept here for this reason, the longest not asked first."""
    asked = Coverage.objects.filter(
        organisation_id=OuterRef("organisation_id"), patient_id=OuterRef("patient_id")
    )
    rows = (
        Line.objects.filter(bundle_id=bundle_id, state="draft", held=held.value)
        .values("patient_id")
        .annotate(asked_at=Subquery(asked.values("asked_at")[:1]))
        .order_by(F("asked_at").asc(nulls_first=True), "patient_id")
        .distinct()
    )
    return tuple(row["patient_id"] for row in rows[:limit])


def asked_count(bundle_id: uuid.UUID) -> int:
    """Return about how many patients of lines that wait for it the insurers are asked now."""
    rows = Line.objects.filter(bundle_id=bundle_id, state="draft", held=Held.COVERAGE_UNKNOWN.value)
    return Coverage.objects.filter(
        organisation_id__in=rows.values("organisation_id"),
        patient_id__in=rows.values("patient_id"),
        check_under_way__isnull=False,
    ).count()


def open_rows(organisation_id: uuid.UUID, bundle: BundleRow) -> tuple[OpenRow, ...]:
    """Return about whom somebody must decide before a bundle is submitted; at most 200."""
    lines = Line.objects.filter(bundle_id=bundle.id, held=Held.OPEN.value)
    people = one_person(organisation_id, lines.values_list("patient_id", flat=True).distinct())
    rows = Enrolment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=bundle.quarter.first_on),
        organisation_id=organisation_id,
        programme=bundle.programme,
        patient_id__in={row for rows in people.values() for row in rows},
        main__in=[main.value for main in OPEN],
        from_on__lt=bundle.quarter.after.first_on,
    ).order_by("patient_id")[:OPEN_MAX]
    return tuple(OpenRow(row.patient_id, row.id, Main(row.main)) for row in rows)


def submissions_of(bundle_id: uuid.UUID) -> tuple[SubmissionRow, ...]:
    """Return what went of a bundle, the latest first."""
    rows = Submission.objects.filter(bundle_id=bundle_id).order_by("-version")[:OPEN_MAX]
    return tuple(
        SubmissionRow(row.id, row.version, row.lines_count, row.cents, row.submitted_at)
        for row in rows
    )


def payments_of(bundle_id: uuid.UUID) -> tuple[PaymentView, ...]:
    """Return what was paid for a bundle, the first payment first, with what it is for."""
    rows = (
        PaymentRow.objects.filter(payment__bundle_id=bundle_id)
        .select_related("line__activity")
        .order_by("line__patient_id", "line__on", "line__version")[:PAYMENT_ROWS_MAX]
    )
    by_payment: dict[uuid.UUID, list[PaidLine]] = {}
    for row in rows:
        line = row.line
        by_payment.setdefault(row.payment_id, []).append(
            PaidLine(
                line.patient_id, line.activity.code if line.activity else "", line.on, row.cents
            )
        )
    return tuple(
        PaymentView(
            one.id, one.reference, one.paid_on, one.cents, tuple(by_payment.get(one.id, ()))
        )
        for one in Payment.objects.filter(bundle_id=bundle_id).order_by("paid_on", "id")
    )


def _line(row: Line) -> LineRow:
    return LineRow(
        id=row.id,
        bundle_id=row.bundle_id,
        patient_id=row.patient_id,
        activity=row.activity.code if row.activity else "",
        version=row.version,
        is_credit=row.credits_id is not None,
        on=row.on,
        cents=row.cents,
        state=LineState(row.state),
        held=Held(row.held),
        approved_cents=row.approved_cents,
        rejected_cents=row.rejected_cents,
        reason=row.reason,
        answered_at=row.answered_at,
        is_paid=hasattr(row, "paid"),
        is_groundless=row.is_groundless,
        tariff_id=row.tariff_id,
        tariff_from_on=row.tariff.from_on if row.tariff else None,
    )
