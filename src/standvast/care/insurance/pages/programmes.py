"""Pages about chain care: who is in a programme, what was done, and what partners did."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from standvast.care.insurance.exports.fixed import own_layout
from standvast.care.insurance.forms import ActivityForm, EnrolForm, LeaveForm, PartnerForm
from standvast.care.insurance.operations import enrolling
from standvast.care.insurance.operations.partners import LineResult, take_in
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.layouts import Layout, layout_of
from standvast.care.insurance.rules.programmes import PROGRAMMES
from standvast.database.api import database_now
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.registry.patients.api import check_patient
from standvast.web.api import page, redirect_to, sentence


class FormIncomplete(Invalid):
    """Something that is needed was not filled in, or cannot be read."""

    code = "insurance.form_incomplete"


@require_POST
@needs("insurance.record")
def enrol(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """POST /claims/patients/<patient>/enrol/ - a patient comes into a programme."""
    check_patient(actor_of(request).organisation_id, patient_id)
    said = _valid(EnrolForm(request.POST))
    enrolling.enrol(
        actor=actor_of(request),
        patient_id=patient_id,
        programme=said["programme"],
        from_on=said["from_on"],
        main=Main(said["main"]),
        now=database_now(),
    )
    return _to_patient(request, patient_id)


@require_POST
@needs("insurance.record")
def leave(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """POST /claims/patients/<patient>/leave/ - a patient leaves a programme."""
    check_patient(actor_of(request).organisation_id, patient_id)
    said = _valid(LeaveForm(request.POST))
    enrolling.leave(
        actor=actor_of(request),
        enrolment_id=said["enrolment"],
        until_on=said["until_on"],
        now=database_now(),
    )
    return _to_patient(request, patient_id)


@require_POST
@needs("insurance.record")
def activity(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """POST /claims/patients/<patient>/activity/ - something was done."""
    check_patient(actor_of(request).organisation_id, patient_id)
    said = _valid(ActivityForm(request.POST, programmes=tuple(PROGRAMMES)))
    programme, _, code = said["what"].partition(".")
    enrolling.record_activity(
        actor=actor_of(request),
        patient_id=patient_id,
        programme=programme,
        code=code,
        done_on=said["done_on"],
        now=database_now(),
    )
    return _to_patient(request, patient_id)


@require_POST
@needs("insurance.record")
def withdraw(request: HttpRequest, activity_id: uuid.UUID) -> HttpResponse:
    """POST /claims/activities/<activity>/withdraw/ - it was written down by mistake."""
    patient_id = enrolling.withdraw_activity(
        actor=actor_of(request), activity_id=activity_id, now=database_now()
    )
    return _to_patient(request, patient_id)


@require_http_methods(["GET", "POST"])
@needs("insurance.claim")
def partners(request: HttpRequest) -> HttpResponse:
    """GET, POST /claims/partners/ - read in a chain partner's file; a result for each line."""
    form = PartnerForm(request.POST, request.FILES) if request.method == "POST" else PartnerForm()
    results: tuple[LineResult, ...] | None = None
    if form.is_valid():
        try:
            results = take_in(
                actor=actor_of(request),
                content=form.cleaned_data["file"].read(),
                layout=partner_layout(),
                now=database_now(),
            )
        except Refused as refused:
            form.add_error("file", sentence(refused.template, refused.values))
    return page(
        request,
        "insurance/partners.html",
        {"form": form, "results": results},
        status=422 if form.errors else 200,
    )


def partner_layout() -> Layout:
    """Return the layout of partners' files: the installation's own, else the project's.

    :raises LayoutWrong: if what the installation names is none.
    """
    if settings.PARTNER_LAYOUT:
        return layout_of(settings.PARTNER_LAYOUT.encode())
    return own_layout("partner")


def _valid(form: "EnrolForm | LeaveForm | ActivityForm") -> dict[str, Any]:
    if not form.is_valid():
        raise FormIncomplete(marked("Fill in everything, with days that exist."))
    return form.cleaned_data


def _to_patient(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    return redirect_to(request, reverse("patients:patient", args=[patient_id]) + "#care")
