"""Pages of clicks that arrive. Translate HTTP to one operation and back; decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from standvast.care.launches.operations.arriving import note_refused, patient_of, take_launch
from standvast.care.launches.operations.connecting import NothingToConnect, connect
from standvast.care.launches.queries.arriving import asked_by
from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.access.api import (
    actor_of,
    address_of,
    enter,
    forget_actor,
    leave,
    signed_in,
    work_for,
)
from standvast.registry.people.api import Person
from standvast.web.api import page, redirect_to

SESSION_KEY = "launch"


@csrf_exempt  # the token is the proof: another site's form is how a launch arrives
@require_POST
@sensitive_post_parameters()
def arrive(request: HttpRequest) -> HttpResponse:
    """POST /launch/ - a click in another system: `token` is its signed word for it."""
    now, token = database_now(), request.POST.get("token", "")
    try:
        taken = take_launch(token=token, address=address_of(request), now=now)
    except Refused as refused:
        note_refused(token=token, why=refused.code, now=now)
        raise
    patient_id = patient_of(taken, now=now)
    there = reverse("patients:patient", args=[patient_id]) if patient_id else "/"
    if taken.actor is None:
        request.session[SESSION_KEY] = {"link": str(taken.link_id), "there": there}
        return redirect_to(request, reverse("launches:connect"))
    return _entered(request, taken.actor, there)


@require_http_methods(["GET", "POST"])
@signed_in
def connect_page(request: HttpRequest) -> HttpResponse:
    """GET, POST /launch/connect/ - who clicked is whoever signed in: said once, kept."""
    actor = actor_of(request)
    kept = request.session.get(SESSION_KEY)
    if not isinstance(kept, dict):
        raise NothingToConnect(marked("Go back to your own system and click once more."))
    link_id = uuid.UUID(str(kept["link"]))
    if request.method == "POST":
        connect(actor=actor, link_id=link_id, now=database_now())
        del request.session[SESSION_KEY]
        return redirect_to(request, str(kept["there"]))
    return page(request, "launches/connect.html", {"asked": asked_by(link_id)})


def _entered(request: HttpRequest, actor: Actor, there: str) -> HttpResponse:
    """Sign in whoever clicked, for the organisation they clicked for; a second step stays."""
    assert actor.person_id is not None
    is_here = isinstance(request.user, Person) and request.user.id == actor.person_id
    if not is_here:
        leave(request)
    work_for(
        session=request.session,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        address=actor.address,
        now=database_now(),
    )
    forget_actor(request)
    return redirect_to(request, there) if is_here else enter(request, actor.person_id, then=there)
