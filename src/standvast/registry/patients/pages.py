"""Pages about patients. Translate HTTP to one operation and back; decide nothing."""

import csv
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.kit.errors import Invalid, Refused
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, may, needs
from standvast.registry.organisations.api import Country
from standvast.registry.patients.contributions import CARDS
from standvast.registry.patients.forms import (
    OUTCOMES,
    REPORT_COLUMNS,
    SEXES,
    SYSTEMS,
    ImportForm,
    OtherForm,
    PatientForm,
    SearchForm,
    initial_of,
)
from standvast.registry.patients.imports import earlier_imports, import_lines, import_view
from standvast.registry.patients.looks import looks_at
from standvast.registry.patients.operations import importing, looking, merging, registering
from standvast.registry.patients.queries import check_patient, own_numbers
from standvast.registry.patients.sheets import BYTES_MAX, MEGABYTES_MAX, TOO_LARGE
from standvast.registry.patients.views import PatientRow
from standvast.web.api import page, redirect_to, sentence


class OtherNotSaid(Invalid):
    """The form does not say which other patient is meant."""

    code = "patients.other_not_said"


both = require_http_methods(["GET", "POST"])


@both
@needs("patients.see")
@sensitive_post_parameters()
def search(request: HttpRequest) -> HttpResponse:
    """GET, POST /patients/ - look somebody up; what is typed never stands in an address."""
    form, found = _looked_up(request)
    return page(
        request,
        "patients/search.html",
        {"form": form, "found": found, "may_edit": may(actor_of(request), "patients.edit")},
        status=422 if form.errors else 200,
    )


def _looked_up(request: HttpRequest) -> tuple[SearchForm, tuple[PatientRow, ...] | None]:
    """Return the form and who was found; nobody was looked for without a search."""
    if request.method != "POST":
        return SearchForm(), None
    form = SearchForm(request.POST)
    if not form.is_valid():
        return form, None
    try:
        found = looking.look_up(
            actor=actor_of(request), text=form.cleaned_data["text"], now=database_now()
        )
    except Invalid as refused:
        form.add_error("text", _said(refused))
        return form, None
    return form, found


@both
@needs("patients.edit")
@sensitive_post_parameters()
def new(request: HttpRequest) -> HttpResponse:
    """GET, POST /patients/new/ - register somebody in one step."""
    form = PatientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = registering.register(
                actor=actor_of(request), data=form.data_handed_in(), now=database_now()
            )
        except Refused as refused:
            form.add_error(None, _said(refused))
        else:
            return redirect_to(request, _address(made.patient_id, known=not made.is_new))
    return page(request, "patients/form.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@needs("patients.see")
def patient(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """GET /patients/<id>/ - one patient; the look is written down."""
    actor, now = actor_of(request), database_now()
    found = looking.look_at(actor=actor, patient_id=patient_id, now=now)
    return page(
        request,
        "patients/patient.html",
        {
            "patient": found,
            "sex": SEXES[found.sex],
            "numbers": [(SYSTEMS[system], value) for system, value in found.numbers],
            "is_known": "known" in request.GET,
            "cards": [card for ask in wired(CARDS) if (card := ask(actor, patient_id, now))],
            "may_edit": may(actor, "patients.edit"),
        },
    )


@both
@needs("patients.edit")
@sensitive_post_parameters()
def change(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """GET, POST /patients/<id>/change/ - correct what is known."""
    actor, now = actor_of(request), database_now()
    check_patient(actor.organisation_id, patient_id)
    if request.method == "GET":
        found = looking.look_at(actor=actor, patient_id=patient_id, now=now)
        form = PatientForm(initial=initial_of(found, own_numbers(patient_id)))
    else:
        form = PatientForm(request.POST)
        if form.is_valid():
            try:
                registering.correct(
                    actor=actor,
                    patient_id=patient_id,
                    version=form.cleaned_data["version"] or 0,
                    data=form.data_handed_in(),
                    now=now,
                )
            except (Invalid, registering.NumberTaken) as refused:
                form.add_error(None, _said(refused))
            else:
                return redirect_to(request, _address(patient_id))
    return page(
        request,
        "patients/form.html",
        {"form": form, "patient_id": patient_id},
        status=422 if form.errors else 200,
    )


@both
@needs("patients.edit")
@sensitive_post_parameters()
def double(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """GET, POST /patients/<id>/double/ - look up who turns out to be the same patient."""
    found_here = looking.look_at(actor=actor_of(request), patient_id=patient_id, now=database_now())
    form, found = _looked_up(request)
    others = None if found is None else [row for row in found if row.id != patient_id]
    return page(
        request,
        "patients/double.html",
        {"patient": found_here, "form": form, "found": others},
        status=422 if form.errors else 200,
    )


@require_POST
@needs("patients.edit")
def merge(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """POST /patients/<id>/merge/ - `other` is this patient, too."""
    actor = actor_of(request)
    check_patient(actor.organisation_id, patient_id)
    merging.merge(
        actor=actor,
        patient_id=_other(request),
        into_id=patient_id,
        now=database_now(),
    )
    return redirect_to(request, _address(patient_id))


@require_POST
@needs("patients.edit")
def take_apart(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """POST /patients/<id>/apart/ - this one was somebody else after all."""
    merging.take_apart(actor=actor_of(request), patient_id=patient_id, now=database_now())
    return redirect_to(request, _address(patient_id))


@require_GET
@needs("patients.see")
def looks(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """GET /patients/<id>/looks/ - who looked and who changed: a list for the patient."""
    actor, now = actor_of(request), database_now()
    found = looking.look_at(actor=actor, patient_id=patient_id, now=now)
    return page(
        request,
        "patients/looks.html",
        {"patient": found, "looks": looks_at(actor.organisation_id, patient_id)},
    )


@both
@needs("patients.edit")
def import_list(request: HttpRequest) -> HttpResponse:
    """GET, POST /patients/import/ - hand in a list; it is registered in the background."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if _was_too_large(request):
        said = sentence(TOO_LARGE, {"megabytes": MEGABYTES_MAX})
        form.errors["list"] = form.error_class([said])
    elif form.is_valid():
        try:
            import_id = importing.hand_in(
                actor=actor_of(request),
                content=form.cleaned_data["list"].read(),
                country=Country(settings.REGION.upper()),
                now=database_now(),
            )
        except Refused as refused:
            form.add_error("list", _said(refused))
        else:
            return redirect_to(request, reverse("patients:imported", args=[import_id]))
    earlier = earlier_imports(actor_of(request).organisation_id)
    return page(
        request,
        "patients/import.html",
        {"form": form, "earlier": earlier},
        status=422 if form.errors else 200,
    )


def _was_too_large(request: HttpRequest) -> bool:
    """Whether a body was sent of which no file was taken in: it is over what memory holds."""
    sent = int(request.META.get("CONTENT_LENGTH") or 0)
    return request.method == "POST" and not request.FILES and sent > BYTES_MAX


@require_GET
@needs("patients.edit")
def imported(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """GET /patients/import/<id>/ - how far a list has come, and which rows were refused."""
    view = import_view(actor_of(request).organisation_id, import_id)
    return page(request, "patients/imported.html", {"view": view})


@require_GET
@needs("patients.edit")
def imported_now(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """GET /patients/import/<id>/now/ - the same figures, for htmx to refresh."""
    view = import_view(actor_of(request).organisation_id, import_id)
    return page(request, "patients/_imported.html", {"view": view})


@require_GET
@needs("patients.edit")
def imported_report(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """GET /patients/import/<id>/report/ - a result per row, as CSV; no cell is anybody's words."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="import.csv"'
    write = csv.writer(answer, delimiter=";").writerow
    write([sentence(heading, {}) for heading in REPORT_COLUMNS])
    for row in import_lines(actor_of(request).organisation_id, import_id):
        said = (sentence(OUTCOMES[row.outcome], {}), sentence(row.reason, {}))
        write([row.line, *said, row.place])
    return answer


def _said(refused: Refused) -> str:
    return sentence(refused.template, refused.values)


def _other(request: HttpRequest) -> uuid.UUID:
    form = OtherForm(request.POST)
    if not form.is_valid():
        raise OtherNotSaid(marked("Say which other patient is meant."))
    found = form.cleaned_data["other"]
    assert isinstance(found, uuid.UUID)
    return found


def _address(patient_id: uuid.UUID, *, known: bool = False) -> str:
    return reverse("patients:patient", args=[patient_id]) + ("?known" if known else "")
