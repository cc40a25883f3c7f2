"""Pages of the desk about lanes. Translate HTTP to one operation and back; decide nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.core.delivery.api import (
    delivery_view,
    hand_to_person,
    handed_over,
    lane_view,
    lane_views,
    needs_person,
    next_deliveries,
    pause_lane,
    resume_lane,
    retry_delivery,
    retry_lane,
)
from standvast.database.api import database_now
from standvast.desk.lanes.forms import HandOverForm, PauseForm
from standvast.desk.lanes.reasons import reason_text
from standvast.desk.lanes.rows import lane_row
from standvast.registry.access.api import actor_of, may, needs
from standvast.registry.people.api import person_by_id
from standvast.web.api import page, redirect_to


@require_GET
@needs("desk.lanes.see")
def all_lanes(request: HttpRequest) -> HttpResponse:
    """GET /desk/lanes/ - how every lane stands."""
    return page(request, "lanes/all.html", _all())


@require_GET
@needs("desk.lanes.see")
def all_now(request: HttpRequest) -> HttpResponse:
    """GET /desk/lanes/-/now/ - the same figures, for htmx to refresh."""
    return page(request, "lanes/_all.html", _all())


@require_GET
@needs("desk.lanes.see")
def one_lane(request: HttpRequest, lane: str) -> HttpResponse:
    """GET /desk/lanes/<lane>/ - one lane, what needs a person, what comes next."""
    return page(request, "lanes/one.html", _one(request, lane, PauseForm()))


@require_GET
@needs("desk.lanes.see")
def one_now(request: HttpRequest, lane: str) -> HttpResponse:
    """GET /desk/lanes/<lane>/now/ - its figures, for htmx to refresh."""
    now = database_now()
    context = {"row": lane_row(lane_view(lane, now)), "reason_text": reason_text}
    return page(request, "lanes/_figures.html", context)


@require_POST
@needs("desk.lanes.act")
def pause(request: HttpRequest, lane: str) -> HttpResponse:
    """POST /desk/lanes/<lane>/pause/ - stop offering."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        return page(request, "lanes/one.html", _one(request, lane, form), status=422)
    pause_lane(lane=lane, why=form.cleaned_data["why"], actor=actor_of(request), now=database_now())
    return _back(request, lane)


@require_POST
@needs("desk.lanes.act")
def resume(request: HttpRequest, lane: str) -> HttpResponse:
    """POST /desk/lanes/<lane>/resume/ - offer again."""
    resume_lane(lane=lane, actor=actor_of(request), now=database_now())
    return _back(request, lane)


@require_POST
@needs("desk.lanes.act")
def retry_all(request: HttpRequest, lane: str) -> HttpResponse:
    """POST /desk/lanes/<lane>/retry/ - offer everything again now."""
    retry_lane(lane=lane, actor=actor_of(request), now=database_now())
    return _back(request, lane)


@require_GET
@needs("desk.lanes.see")
def delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """GET /desk/lanes/-/delivery/<id>/ - one delivery, without what it carries."""
    return page(request, "lanes/delivery.html", _delivery(request, delivery_id, HandOverForm()))


@require_POST
@needs("desk.lanes.act")
def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """POST /desk/lanes/-/delivery/<id>/retry/ - offer it again now."""
    retry_delivery(delivery_id=delivery_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("lanes:delivery", args=[delivery_id]))


@require_POST
@needs("desk.lanes.act")
def hand_over(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """POST /desk/lanes/-/delivery/<id>/hand-over/ - a person does it by hand."""
    form = HandOverForm(request.POST)
    if not form.is_valid():
        context = _delivery(request, delivery_id, form)
        return page(request, "lanes/delivery.html", context, status=422)
    hand_to_person(
        delivery_id=delivery_id,
        handed_to=form.cleaned_data["handed_to"],
        why=form.cleaned_data["why"],
        actor=actor_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("lanes:delivery", args=[delivery_id]))


def _back(request: HttpRequest, lane: str) -> HttpResponse:
    return redirect_to(request, reverse("lanes:one", args=[lane]))


def _all() -> dict[str, object]:
    rows = [lane_row(view) for view in lane_views(database_now())]
    return {
        "rows": rows,
        "waiting_count": sum(row.view.depth_count for row in rows),
        "needs_person_count": sum(row.view.needs_person_count for row in rows),
        "stuck_count": sum(row.kind == "harm" for row in rows),
        "reason_text": reason_text,
    }


def _one(request: HttpRequest, lane: str, form: PauseForm) -> dict[str, object]:
    view = lane_view(lane, database_now())
    return {
        "row": lane_row(view),
        "paused_by": person_by_id(view.paused_by).get_full_name() if view.paused_by else "",
        "refused": needs_person(lane),
        "handed": handed_over(lane),
        "coming": next_deliveries(lane),
        "form": form,
        "may_act": may(actor_of(request), "desk.lanes.act"),
        "reason_text": reason_text,
    }


def _delivery(request: HttpRequest, delivery_id: int, form: HandOverForm) -> dict[str, object]:
    view = delivery_view(delivery_id)
    return {
        "view": view,
        "row": lane_row(lane_view(view.lane, database_now())),
        "form": form,
        "may_act": may(actor_of(request), "desk.lanes.act"),
        "reason_text": reason_text,
    }
