"""Pages about insurance. Translate HTTP to one operation and back; decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.care.insurance.cards import coverage_card
from standvast.care.insurance.operations.asking import check_now
from standvast.care.insurance.operations.looking import answered_since, work_list
from standvast.care.insurance.rules.coverage import SAID
from standvast.database.api import database_now
from standvast.desk.status.api import check_open
from standvast.registry.access.api import actor_of, needs
from standvast.registry.patients.api import patient_rows
from standvast.web.api import page, redirect_to

NOTHING_YET = 204
"""To htmx: leave what stands, and ask again."""


@require_GET
@needs("insurance.see")
def to_look_at(request: HttpRequest) -> HttpResponse:
    """GET /insurance/ - whose insurance somebody must look at, and why."""
    actor = actor_of(request)
    found = work_list(actor=actor, now=database_now())
    patients = patient_rows(actor.organisation_id, [one.patient_id for one in found])
    rows = [
        (patients[one.patient_id], one, SAID[one.code])
        for one in found
        if one.patient_id in patients
    ]
    return page(request, "insurance/to_look_at.html", {"rows": rows})


@require_POST
@needs("insurance.check")
def check(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """POST /insurance/<patient>/check/ - ask the insurers now; the answer comes by itself."""
    actor, now = actor_of(request), database_now()
    check_open("insurance.check", actor.organisation_id)
    check_now(actor=actor, patient_id=patient_id, now=now)
    return redirect_to(request, reverse("patients:patient", args=[patient_id]) + "#insurance")


@require_GET
@needs("insurance.see")
def now(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """GET /insurance/<patient>/now/ - the card once there is an answer; nothing until then.

    `late` says that the page knows already that the answer takes long.
    """
    actor, at = actor_of(request), database_now()
    answered = answered_since(actor=actor, patient_id=patient_id, now=at)
    card = coverage_card(actor, patient_id, at)
    if answered is None and (not card.is_late or "late" in request.GET):
        return HttpResponse(status=NOTHING_YET)
    return page(request, "insurance/_coverage.html", {"card": card})
