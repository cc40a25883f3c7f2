"""Who is on duty."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.desk.incidents.act_forms import DutyForm
from standvast.desk.incidents.operations.paging import ROLE_TITLES
from standvast.desk.incidents.operations.rota import add_duty, end_duty
from standvast.desk.incidents.queries.rota import duties, gaps
from standvast.registry.access.api import actor_of, needs, staff_of
from standvast.web.api import page, redirect_to


@require_http_methods(["GET", "POST"])
@needs("desk.incidents.act")
def duty(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/incidents/-/duty/ - the rota of the coming days; add to it."""
    actor, now = actor_of(request), database_now()
    form = DutyForm(request.POST if request.method == "POST" else None)
    person = form.fields["person"]
    assert isinstance(person, forms.ChoiceField)
    person.choices = [
        (str(colleague.person_id), colleague.name)
        for colleague in staff_of(actor.organisation_id, now=now)
    ]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        add_duty(
            role=data["role"],
            person_id=uuid.UUID(data["person"]),
            address=data["address"],
            from_at=data["from_at"],
            until_at=data["until_at"],
            actor=actor,
            now=now,
        )
        return redirect_to(request, reverse("incidents:duty"))
    context = {
        "form": form,
        "duties": duties(now),
        "gaps": gaps(now),
        "role_titles": ROLE_TITLES,
    }
    return page(request, "incidents/duty.html", context, status=422 if form.errors else 200)


@require_POST
@needs("desk.incidents.act")
def duty_end(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """POST /desk/incidents/-/duty/<id>/end/ - end it now."""
    end_duty(duty_id=duty_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("incidents:duty"))
