"""Pages about one line, what was paid, and files: read, corrected, printed, taken along."""

import csv
import uuid
from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.care.insurance.exports.claim import ClaimExporter
from standvast.care.insurance.exports.exporter import Exporter
from standvast.care.insurance.exports.fixed import FixedExporter
from standvast.care.insurance.operations import correcting
from standvast.care.insurance.operations.reviewing import (
    look_at_line,
    look_at_payments,
    take_out,
)
from standvast.care.insurance.pages.bundles import WORDS
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.rules.claims import ANSWERED
from standvast.care.insurance.rules.programmes import ACTIVITIES
from standvast.care.insurance.views import BundleRow, PaidLine, PaymentView
from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.registry.organisations.api import organisation_view
from standvast.registry.patients.api import PatientRow, patient_rows
from standvast.web.api import page, redirect_to, sentence

COLUMNS = (
    marked("Reference"), marked("Paid on"), marked("Name"), marked("Birth date"), marked("For"),
    marked("Day"), marked("Amount in cents"),
)  # fmt: skip
QUARTER = marked("the quarter")
FORMATS = ("fhir", "fixed")
FORMULA_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Signs with which a spreadsheet begins to work something out; the wide ones count as well."""


class NoSuchFormat(NotFound):
    """Claims are not written in this format."""

    code = "insurance.no_such_format"


@require_GET
@needs("insurance.claim")
def line(request: HttpRequest, line_id: uuid.UUID) -> HttpResponse:
    """GET /claims/lines/<line>/ - every version of a line, and what can be done about it."""
    actor = actor_of(request)
    versions = look_at_line(actor=actor, line_id=line_id, now=database_now())
    found = next(one for one in versions if one.id == line_id)
    can_correct = found.state in ANSWERED and (not found.is_credit or bool(found.rejected_cents))
    return page(
        request,
        "insurance/line.html",
        {
            "line": found,
            "versions": versions,
            "bundle": bundle_row(actor.organisation_id, found.bundle_id),
            "patient": patient_rows(actor.organisation_id, [found.patient_id])[found.patient_id],
            "can_correct": can_correct,
            "can_credit": can_correct and not found.is_credit and bool(found.approved_cents),
            **WORDS,
        },
    )


@require_POST
@needs("insurance.claim")
def correct(request: HttpRequest, line_id: uuid.UUID) -> HttpResponse:
    """POST /claims/lines/<line>/correct/ - claim it anew, as things are known now."""
    correcting.correct(actor=actor_of(request), line_id=line_id, now=database_now())
    return redirect_to(request, reverse("insurance:line", args=[line_id]))


@require_POST
@needs("insurance.claim")
def credit(request: HttpRequest, line_id: uuid.UUID) -> HttpResponse:
    """POST /claims/lines/<line>/credit/ - take back what was approved."""
    correcting.credit(actor=actor_of(request), line_id=line_id, now=database_now())
    return redirect_to(request, reverse("insurance:line", args=[line_id]))


@require_GET
@needs("insurance.claim")
def paid(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """GET /claims/<bundle>/paid/ - the payment specification, to read and to print."""
    actor = actor_of(request)
    bundle, payments, patients = _paid(actor, bundle_id)
    return page(
        request,
        "insurance/paid.html",
        {
            "bundle": bundle,
            "payments": payments,
            "patients": patients,
            "organisation": organisation_view(actor.organisation_id),
            **WORDS,
        },
    )


@require_GET
@needs("insurance.claim")
def paid_csv(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """GET /claims/<bundle>/paid.csv - the payment specification for a spreadsheet."""
    bundle, payments, patients = _paid(actor_of(request), bundle_id)
    answer = _file("text/csv; charset=utf-8", f"paid-{bundle.programme}-{bundle.quarter}.csv")
    write = csv.writer(answer, delimiter=";").writerow
    write([sentence(heading, {}) for heading in COLUMNS])
    for payment in payments:
        for one in payment.lines:
            patient = patients[one.patient_id]
            said = ACTIVITIES.get(one.activity, QUARTER)
            write(
                [
                    _plain(payment.reference),
                    payment.paid_on.isoformat(),
                    _plain(patient.listed),
                    patient.birth_on.isoformat(),
                    sentence(said, {}),
                    one.on.isoformat(),
                    one.cents,
                ]
            )
    return answer


def _paid(
    actor: Actor, bundle_id: uuid.UUID
) -> tuple[BundleRow, list[PaymentView], dict[uuid.UUID, PatientRow]]:
    """Return a bundle's payments, the lines of each by name, and whom they are for."""
    bundle, payments = look_at_payments(actor=actor, bundle_id=bundle_id, now=database_now())
    ids = {one.patient_id for payment in payments for one in payment.lines}
    patients = patient_rows(actor.organisation_id, ids)

    def place(line: PaidLine) -> tuple[str, date, date, str]:
        patient = patients[line.patient_id]
        return patient.listed.casefold(), patient.birth_on, line.on, line.activity

    by_name = [
        replace(payment, lines=tuple(sorted(payment.lines, key=place))) for payment in payments
    ]
    return bundle, by_name, patients


@require_GET
@needs("insurance.claim")
def exported(
    request: HttpRequest, bundle_id: uuid.UUID, version: int, written_as: str
) -> HttpResponse:
    """GET /claims/<bundle>/<version>/<format>/ - what went, as a file."""
    if written_as not in FORMATS:
        raise NoSuchFormat(marked("Claims are not written in this format."))
    exporter: Exporter = ClaimExporter() if written_as == "fhir" else FixedExporter()
    found = take_out(
        actor=actor_of(request), bundle_id=bundle_id, version=version, now=database_now()
    )
    name = f"claims-{found.programme}-{found.quarter}-{found.version}.{exporter.suffix}"
    answer = _file(exporter.media_type, name)
    answer.write(exporter.write(found))
    return answer


def _file(media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store, private"
    return answer


def _plain(text: str) -> str:
    """Return a cell that a spreadsheet takes for text, not for a sum to work out."""
    begins = text.lstrip()[:1]
    return f"'{text}" if begins in FORMULA_BEGINS or text[:1] in ("\t", "\r", "\n") else text
