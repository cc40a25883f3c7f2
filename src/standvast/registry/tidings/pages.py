"""Pages about tidings. Translate HTTP to one operation and back; decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.registry.access.api import actor_of, signed_in
from standvast.registry.tidings import operations
from standvast.registry.tidings.contributions import pending_for
from standvast.registry.tidings.queries import tidings_for, unread_count
from standvast.web.api import Bell, page, redirect_to, sentence


@require_GET
@signed_in
def everything(request: HttpRequest) -> HttpResponse:
    """GET /tidings/ - what I was told here, newest first."""
    actor = actor_of(request)
    found = tidings_for(actor)
    return page(
        request,
        "tidings/all.html",
        {
            "tidings": [(one, sentence(one.template, one.values)) for one in found],
            "unread_count": sum(not one.is_read for one in found),
            "pending": [
                (one.url, sentence(one.template, one.values))
                for one in pending_for(actor, database_now())
            ],
        },
    )


@require_POST
@signed_in
def follow(request: HttpRequest, tiding_id: uuid.UUID) -> HttpResponse:
    """POST /tidings/<id>/ - read it, and go where it leads."""
    actor = actor_of(request)
    assert actor.person_id is not None
    path = operations.read_one(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        tiding_id=tiding_id,
        now=database_now(),
    )
    return redirect_to(request, path)


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """POST /tidings/read/ - all of it is read."""
    actor = actor_of(request)
    assert actor.person_id is not None
    operations.read_all(
        person_id=actor.person_id, organisation_id=actor.organisation_id, now=database_now()
    )
    return redirect_to(request, reverse("tidings:all"))


def bell(actor: Actor) -> Bell:
    """Return the bell of the page kit: how much is unread or waits, and where it stands."""
    count = unread_count(actor) + len(pending_for(actor, timezone.now()))
    return Bell(count, reverse("tidings:all"))
