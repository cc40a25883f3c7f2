"""Pages about bundles of claims: from the list of a quarter to what went."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.care.insurance.forms import DecideForm, PrepareForm, SubmitForm
from standvast.care.insurance.operations import preparing
from standvast.care.insurance.operations.asking import check_all
from standvast.care.insurance.operations.reviewing import look_at_bundle
from standvast.care.insurance.operations.submitting import OtherThanSeen, submit
from standvast.care.insurance.queries.claims import bundle_row, bundle_rows
from standvast.care.insurance.queries.lines import (
    PAGE_LINES,
    asked_count,
    held_counts,
    held_patients,
    submissions_of,
)
from standvast.care.insurance.queries.lines import SHOWN as FILTERS
from standvast.care.insurance.rules.answers import REASONS
from standvast.care.insurance.rules.entitlement import HELD_BECAUSE, Held, Main
from standvast.care.insurance.rules.programmes import ACTIVITIES, PROGRAMMES
from standvast.care.insurance.rules.quarters import last_quarters, quarter_written
from standvast.care.insurance.shown import (
    BUNDLE_STATES,
    LINE_STATES,
    SHOWN,
    claims_receipt,
    quarter_said,
)
from standvast.care.insurance.views import BundleRow
from standvast.database.api import database_now
from standvast.desk.status.api import check_open
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.registry.patients.api import patient_rows
from standvast.web.api import ReceiptView, page, redirect_to

QUARTERS_COUNT = 8
ASK_MAX = 200
"""Patients asked about by one press."""
WORDS: dict[str, object] = {
    "programmes": PROGRAMMES,
    "activities": ACTIVITIES,
    "bundle_states": BUNDLE_STATES,
    "line_states": LINE_STATES,
    "held_because": HELD_BECAUSE,
    "reasons": REASONS,
    "quarter_said": quarter_said,
}
"""What every page about claims needs to say what a row holds."""
both = require_http_methods(["GET", "POST"])


class NotSaid(Invalid):
    """The form does not say what is meant."""

    code = "insurance.not_said"


@require_GET
@needs("insurance.claim")
def overview(request: HttpRequest) -> HttpResponse:
    """GET /claims/ - each quarter's bundles: delivered, claimed, approved, paid."""
    rows = bundle_rows(actor_of(request).organisation_id)
    return page(request, "insurance/claims.html", {"rows": rows, "form": _prepare_form(), **WORDS})


@require_POST
@needs("insurance.claim")
def prepare(request: HttpRequest) -> HttpResponse:
    """POST /claims/prepare/ - make a quarter's bundle, or bring it up to date."""
    actor, form = actor_of(request), _prepare_form(request.POST)
    if not form.is_valid():
        rows = bundle_rows(actor.organisation_id)
        return page(
            request, "insurance/claims.html", {"rows": rows, "form": form, **WORDS}, status=422
        )
    bundle_id = preparing.prepare(
        actor=actor,
        programme=form.cleaned_data["programme"],
        quarter=quarter_written(form.cleaned_data["quarter"]),
        now=database_now(),
    )
    return _to_bundle(request, bundle_id)


@require_GET
@needs("insurance.claim")
def bundle(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """GET /claims/<bundle>/ - what must be decided, who left, and every line."""
    actor, now = actor_of(request), database_now()
    shown = request.GET.get("show", "all")
    number = _page_number(request.GET.get("page", ""))
    found = look_at_bundle(
        actor=actor,
        bundle_id=bundle_id,
        shown=shown if shown in FILTERS else "all",
        page=number,
        now=now,
    )
    sent, held = submissions_of(bundle_id), held_counts(bundle_id)
    return page(
        request,
        "insurance/bundle.html",
        {
            "found": found,
            "bundle": found.bundle,
            "patients": patient_rows(actor.organisation_id, found.patient_ids),
            "held": held,
            "asked_count": asked_count(bundle_id) if Held.COVERAGE_UNKNOWN in held else 0,
            "sent": sent,
            "receipt": _receipt(found.bundle),
            "shown": shown,
            "filters": SHOWN,
            "pager": {
                "number": number,
                "pages_count": max(1, -(-found.lines_count // PAGE_LINES)),
                "items_count": found.lines_count,
            },
            **WORDS,
        },
    )


@require_GET
@needs("insurance.claim")
def sums(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """GET /claims/<bundle>/sums/ - how it stands now, and what became of what went last."""
    found = bundle_row(actor_of(request).organisation_id, bundle_id)
    return page(
        request, "insurance/_sums.html", {"bundle": found, "receipt": _receipt(found), **WORDS}
    )


@require_POST
@needs("insurance.claim")
def validate(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """POST /claims/<bundle>/validate/ - judge every line anew; with `then`, on to what would go."""
    preparing.validate(actor=actor_of(request), bundle_id=bundle_id, now=database_now())
    if request.POST.get("then") == "submit":
        return redirect_to(request, reverse("insurance:submit", args=[bundle_id]))
    return _to_bundle(request, bundle_id)


@require_POST
@needs("insurance.claim")
def ask(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """POST /claims/<bundle>/ask/ - ask the insurers about those of whom it is unknown."""
    actor = actor_of(request)
    check_open("insurance.check", actor.organisation_id)
    bundle_row(actor.organisation_id, bundle_id)
    ids = held_patients(bundle_id, Held.COVERAGE_UNKNOWN, limit=ASK_MAX)
    check_all(actor=actor, patient_ids=ids, now=database_now())
    return _to_bundle(request, bundle_id)


@require_POST
@needs("insurance.claim")
def decide(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """POST /claims/<bundle>/decide/ - the main practitioner of somebody is here, or elsewhere."""
    actor = actor_of(request)
    bundle_row(actor.organisation_id, bundle_id)
    said = _said(request)
    preparing.decide(
        actor=actor,
        bundle_id=bundle_id,
        enrolment_id=said["enrolment"],
        main=Main(said["main"] or Main.NONE),
        now=database_now(),
    )
    return _to_bundle(request, bundle_id)


@require_POST
@needs("insurance.claim")
def back(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """POST /claims/<bundle>/back/ - somebody who left is in the programme after all."""
    actor = actor_of(request)
    bundle_row(actor.organisation_id, bundle_id)
    preparing.take_back_in(
        actor=actor,
        bundle_id=bundle_id,
        enrolment_id=_said(request)["enrolment"],
        now=database_now(),
    )
    return _to_bundle(request, bundle_id)


@both
@needs("insurance.claim")
def preview(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    """GET, POST /claims/<bundle>/submit/ - see what would go, and let it go."""
    actor, now = actor_of(request), database_now()
    bundle_row(actor.organisation_id, bundle_id)
    refused = None
    if request.method == "POST":
        check_open("insurance.claim", actor.organisation_id)
        form = SubmitForm(request.POST)
        if not form.is_valid():
            raise NotSaid(marked("Say what is meant."))
        try:
            submit(actor=actor, bundle_id=bundle_id, now=now, **form.cleaned_data)
        except OtherThanSeen as other:
            refused = other
            preparing.validate(actor=actor, bundle_id=bundle_id, now=now)
        else:
            return _to_bundle(request, bundle_id)
    found = bundle_row(actor.organisation_id, bundle_id)
    sent = submissions_of(bundle_id)
    seen = {
        "lines_count": found.tally.ready_count,
        "cents": found.tally.ready_cents,
        "after_version": sent[0].version if sent else 0,
    }
    return page(
        request,
        "insurance/preview.html",
        {
            "bundle": found,
            "held": held_counts(bundle_id),
            "form": SubmitForm(initial=seen),
            "refused": refused,
            "is_over": timezone.localdate(now) > found.quarter.last_on,
            **WORDS,
        },
        status=409 if refused else 200,
    )


def _receipt(bundle: BundleRow) -> ReceiptView | None:
    sent = submissions_of(bundle.id)
    return claims_receipt(bundle, sent[0] if sent else None, now=database_now())


def _page_number(text: str) -> int:
    """Return the page that is meant; a strange one is the first."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 6
    return max(int(text), 1) if is_number else 1


def _prepare_form(data: Any = None) -> PrepareForm:
    quarters = list(last_quarters(timezone.localdate(), QUARTERS_COUNT))
    initial = {"quarter": str(quarters[1])}
    return PrepareForm(data, quarters=quarters, initial=initial)


def _said(request: HttpRequest) -> dict[str, Any]:
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise NotSaid(marked("Say what is meant."))
    return form.cleaned_data


def _to_bundle(request: HttpRequest, bundle_id: uuid.UUID) -> HttpResponse:
    return redirect_to(request, reverse("insurance:bundle", args=[bundle_id]))
