"""Pages about a practice's coverage, asked anew in one go."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.care.insurance.operations.nightly import begin_night
from standvast.care.insurance.queries.nights import nights_of
from standvast.database.api import database_now
from standvast.desk.status.api import check_open
from standvast.registry.access.api import actor_of, may, needs
from standvast.web.api import page, redirect_to


@require_GET
@needs("insurance.see")
def nights(request: HttpRequest) -> HttpResponse:
    """GET /insurance/nights/ - how far it has come, and the nights before."""
    return page(request, "insurance/nights.html", _shown(request))


@require_GET
@needs("insurance.see")
def nights_now(request: HttpRequest) -> HttpResponse:
    """GET /insurance/nights/now/ - the same figures, for htmx to refresh."""
    return page(request, "insurance/_nights.html", _shown(request))


@require_POST
@needs("insurance.check")
def begin(request: HttpRequest) -> HttpResponse:
    """POST /insurance/nights/begin/ - ask about everybody whose answer is old, from now on."""
    actor = actor_of(request)
    check_open("insurance.check", actor.organisation_id)
    begin_night(actor=actor, now=database_now())
    return redirect_to(request, reverse("insurance:nights"))


def _shown(request: HttpRequest) -> dict[str, object]:
    actor = actor_of(request)
    found = nights_of(actor.organisation_id)
    is_under_way = any(night.ended_at is None for night in found)
    may_begin = bool(settings.COVERAGE_URL) and may(actor, "insurance.check")
    return {
        "nights": found,
        "days": settings.COVERAGE_ANEW_DAYS,
        "may_begin": may_begin and not is_under_way,
    }
