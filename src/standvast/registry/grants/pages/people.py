"""Pages where people start an app about a patient, and take back what they gave."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.database.api import database_now
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs, signed_in
from standvast.registry.grants.digests import new_secret
from standvast.registry.grants.forms import LaunchForm, TakeBackForm
from standvast.registry.grants.operations.ending import take_back
from standvast.registry.grants.operations.launching import begin_launch
from standvast.registry.grants.pages.authorise import onward
from standvast.registry.grants.places import fhir_server
from standvast.registry.grants.queries.apps import app_view
from standvast.registry.grants.queries.given import given_by
from standvast.registry.grants.rules.addresses import with_answer
from standvast.registry.grants.said import asked_for
from standvast.web.api import page, redirect_to


class NotSaid(Invalid):
    """The form does not say which app is meant."""

    code = "grants.not_said"


@require_POST
@needs("patients.see")
def launch(request: HttpRequest) -> HttpResponse:
    """POST /grants/launch/ - start an app about the patient whose page stands open."""
    form = LaunchForm(request.POST)
    if not form.is_valid():
        raise NotSaid(marked("Say which app is meant."))
    handle, app_id = new_secret(), form.cleaned_data["app"]
    address = begin_launch(
        actor=actor_of(request),
        app_id=app_id,
        patient_id=form.cleaned_data["patient"],
        handle=handle,
        now=database_now(),
    )
    there = with_answer(address, iss=fhir_server(), launch=handle)
    return onward(request, app_view(app_id), there)


@require_GET
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """GET /grants/ - which apps I let in, and what they may do."""
    person_id = actor_of(request).person_id
    assert person_id is not None
    rows = [(row, asked_for(row.scopes)) for row in given_by(person_id)]
    return page(request, "grants/mine.html", {"rows": rows})


@require_POST
@signed_in
def end(request: HttpRequest) -> HttpResponse:
    """POST /grants/end/ - take back all that an app got from me."""
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        raise NotSaid(marked("Say which app is meant."))
    take_back(actor=actor_of(request), app_id=form.cleaned_data["app"], now=database_now())
    return redirect_to(request, reverse("grants:mine"))
