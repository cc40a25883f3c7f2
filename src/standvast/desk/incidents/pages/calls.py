"""Taking a call, finding the organisation that calls, and reporting a problem oneself."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from standvast.database.api import database_now
from standvast.desk.incidents.forms import CallForm, ReportForm
from standvast.desk.incidents.operations.calling import record_call
from standvast.desk.incidents.queries.lists import open_incidents
from standvast.kit.errors import Refused
from standvast.registry.access.api import actor_of, needs
from standvast.registry.organisations.api import organisation_view, search_organisations
from standvast.web.api import page, redirect_to, say, status_of

SEARCH_CHARS_MIN = 2
SEARCH_CHARS_MAX = 80


@require_http_methods(["GET", "POST"])
@needs("desk.incidents.act")
def new_call(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/incidents/new-call/ - write a call down while the caller talks."""
    if request.method == "GET":
        form = CallForm(initial=request.GET.dict())
        return page(request, "incidents/new_call.html", _call_context(request, form))
    form = CallForm(request.POST)
    if not form.is_valid():
        return page(request, "incidents/new_call.html", _call_context(request, form), status=422)
    data = form.cleaned_data
    try:
        taken = record_call(
            actor=actor_of(request),
            via=data["via"],
            component=data["component"],
            variant=data["variant"],
            text=data["text"],
            organisation_id=data["organisation"],
            contact=data["contact"],
            now=database_now(),
        )
    except Refused as refused:
        form.add_error(None, say(refused, actor_of(request).language))
        context = _call_context(request, form)
        return page(request, "incidents/new_call.html", context, status=status_of(refused))
    return redirect_to(request, reverse("incidents:one", args=[taken.number]))


def _call_context(request: HttpRequest, form: CallForm) -> dict[str, object]:
    now = database_now()
    asked = (request.POST.get("q") or request.GET.get("q") or "")[:SEARCH_CHARS_MAX]
    chosen = form["organisation"].value()
    return {
        "form": form,
        "q": asked,
        "organisations": _found(asked),
        "chosen": organisation_view(uuid.UUID(str(chosen))) if _is_uuid(chosen) else None,
        "open": open_incidents(now)[:5],
    }


def _is_uuid(value: object) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def _found(asked: str) -> object:
    return search_organisations(asked) if len(asked.strip()) >= SEARCH_CHARS_MIN else ()


@require_GET
@needs("desk.incidents.act")
def organisations(request: HttpRequest) -> HttpResponse:
    """GET /desk/incidents/-/organisations/?q= - who that may be, for htmx while typing."""
    asked = request.GET.get("q", "")[:SEARCH_CHARS_MAX]
    context = {"organisations": _found(asked), "q": asked, "chosen": None}
    return page(request, "incidents/_organisations.html", context)


@require_http_methods(["GET", "POST"])
@needs("desk.incidents.report")
def report(request: HttpRequest) -> HttpResponse:
    """GET, POST /help/report/ - report a problem; the same form twice is one call."""
    actor = actor_of(request)
    if request.method == "GET":
        form = ReportForm(initial={"key": uuid.uuid4().hex, **request.GET.dict()})
        return page(request, "incidents/report.html", {"form": form})
    form = ReportForm(request.POST)
    if not form.is_valid():
        return page(request, "incidents/report.html", {"form": form}, status=422)
    data = form.cleaned_data
    try:
        taken = record_call(
            actor=actor,
            via="app",
            component=data["component"],
            text=data["text"],
            organisation_id=actor.organisation_id,
            now=database_now(),
            key=f"{actor.organisation_id.hex[:24]}:{data['key']}"[:64],
        )
    except Refused as refused:
        form.add_error("text", say(refused, actor.language))
        return page(request, "incidents/report.html", {"form": form}, status=status_of(refused))
    return redirect_to(request, reverse("incidents:reported", args=[taken.number]))


@require_GET
@needs("desk.incidents.report")
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """GET /help/report/<number>/ - kept, with the number to name by telephone."""
    return page(request, "incidents/reported.html", {"number": number})
