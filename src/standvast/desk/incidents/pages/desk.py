"""The list of incidents and one incident, with what refreshes by itself."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from standvast.core.health.api import open_findings
from standvast.database.api import database_now
from standvast.desk.incidents.pages.doing import BADGES, context_of
from standvast.desk.incidents.queries.detail import incident_view
from standvast.desk.incidents.queries.lists import (
    PAGE_SIZE,
    day_start,
    ended_incidents,
    open_incidents,
)
from standvast.desk.incidents.queries.rota import gaps
from standvast.desk.incidents.records import record_look
from standvast.desk.incidents.rules.severity import SEVERITY_TITLES
from standvast.registry.access.api import actor_of, may, needs
from standvast.web.api import page

PAGES_MAX = 10_000


@dataclass(frozen=True)
class Pager:
    """Where one is in a long list."""

    number: int
    items_count: int

    @property
    def pages_count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.items_count // PAGE_SIZE))


@require_GET
@needs("desk.incidents.see")
def all_incidents(request: HttpRequest) -> HttpResponse:
    """GET /desk/incidents/ - open work ranked, today's undertakings, what ended."""
    return page(request, "incidents/all.html", _all(request))


@require_GET
@needs("desk.incidents.see")
def all_now(request: HttpRequest) -> HttpResponse:
    """GET /desk/incidents/-/now/ - the open ones, for htmx to refresh."""
    return page(request, "incidents/_open.html", _all(request))


def _all(request: HttpRequest) -> dict[str, object]:
    now = database_now()
    number = _page_number(request)
    ended, count = ended_incidents(number)
    return {
        "open": open_incidents(now),
        "today": day_start(now),
        "findings": [found for found in open_findings(now) if not found.below],
        "gaps": gaps(now),
        "ended": ended,
        "pager": Pager(number, count),
        "badges": BADGES,
        "severity_titles": SEVERITY_TITLES,
    }


def _page_number(request: HttpRequest) -> int:
    try:
        return int(
            forms.IntegerField(min_value=1, max_value=PAGES_MAX).clean(request.GET.get("page", 1))
        )
    except ValidationError:
        return 1


@require_GET
@needs("desk.incidents.see")
def one(request: HttpRequest, number: str) -> HttpResponse:
    """GET /desk/incidents/<number>/ - one incident whole, with every act."""
    actor, now = actor_of(request), database_now()
    record_look(number=number, actor=actor, now=now)
    view = incident_view(number, now)
    context = context_of(view) | {"may_act": may(actor, "desk.incidents.act")}
    return page(request, "incidents/one.html", context)


@require_GET
@needs("desk.incidents.see")
def one_now(request: HttpRequest, number: str) -> HttpResponse:
    """GET /desk/incidents/<number>/now/ - what changes by itself, for htmx to refresh."""
    view = incident_view(number, database_now())
    return page(request, "incidents/_now.html", context_of(view, with_forms=False))
