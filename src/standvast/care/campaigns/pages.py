"""Pages of a practice: seasons, ordering, the order. Translate HTTP to one operation and back."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from standvast.care.campaigns import rules
from standvast.care.campaigns.forms import CancelForm, ChangeForm
from standvast.care.campaigns.letters import LOCALES, calendar_file, season_title
from standvast.care.campaigns.mail import LANE
from standvast.care.campaigns.months import months_of
from standvast.care.campaigns.operations.orders import (
    cancel_order,
    change_order,
    check_changeable,
    invite_customer,
)
from standvast.care.campaigns.queries import (
    customer_terms,
    days_of,
    open_order,
    orders_of,
    season_terms,
    seasons,
    versions_of,
)
from standvast.care.campaigns.receipts import mail_receipt
from standvast.care.campaigns.said import said_of
from standvast.care.campaigns.views import OrderView
from standvast.core.delivery.api import receipt_of
from standvast.core.lobby.api import PlaceState, place_view
from standvast.database.api import database_now
from standvast.desk.status.api import check_open
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.registry.organisations.api import organisation_view
from standvast.web.api import page, redirect_to, say


@require_GET
@needs("campaigns.order")
def seasons_page(request: HttpRequest) -> HttpResponse:
    """Show the seasons and what the organisation ordered."""
    actor, now = actor_of(request), database_now()
    rows = [
        {
            "terms": terms,
            "title": season_title(terms.programme, terms.year),
            "phase": phase_of(terms, now=now),
        }
        for terms in seasons()
        if terms.state != rules.SeasonState.PLANNED
    ]
    orders = [
        {"order": order, "title": season_title(order.season.programme, order.season.year)}
        for order in orders_of(actor.organisation_id)
    ]
    return page(request, "campaigns/seasons.html", {"seasons": rows, "orders": orders})


@require_GET
@needs("campaigns.order")
def season_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a season as it is for this organisation: count down, wait, order, or the order."""
    actor, now = actor_of(request), database_now()
    terms = season_terms(slug)
    if terms.state == rules.SeasonState.PLANNED:
        raise rules.SeasonNotFound(marked("There is no such season."))
    organisation = organisation_view(actor.organisation_id)
    order = open_order(terms.id, actor.organisation_id)
    if order is None:
        check_open(rules.FUNCTION, actor.organisation_id, now=now)
    customer = customer_terms(terms.id, actor.organisation_id)
    if customer is None or customer.address_key != organisation.address_key:
        invite_customer(season_id=terms.id, organisation=organisation)
        customer = customer_terms(terms.id, actor.organisation_id)
    place = place_view(terms.lobby, actor.organisation_id) if terms.lobby else None
    is_admitted = place is not None and place.state is PlaceState.ADMITTED
    context = {
        "terms": terms,
        "title": season_title(terms.programme, terms.year),
        "phase": phase_of(terms, now=now),
        "order": order,
        "customer": customer,
        "organisation": organisation,
        "ceiling": rules.doses_ceiling(terms, customer) if customer else 0,
        "place": place,
        "may_order": order is not None or not terms.lobby or is_admitted,
        "months": months_of(days_of(terms.id), step=terms.step, today=timezone.localdate(now)),
        "key": str(uuid4()),
        "server_now": now,
        "said": said_of(request.GET),
        "doses": order.doses if order else "",
        **calendar_words(),
        **(order_context(order, now=now) if order and order.is_confirmed else {}),
    }
    template = "campaigns/order.html" if order and order.is_confirmed else "campaigns/season.html"
    return page(request, template, context)


@require_GET
@needs("campaigns.order")
def receipt_fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what became of the confirmation mail."""
    order = _mine(actor_of(request), slug)
    return page(request, "campaigns/_receipt.html", order_context(order, now=database_now()))


@require_GET
@needs("campaigns.order")
def print_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the order for paper; it needs no mail."""
    actor = actor_of(request)
    order = _mine(actor, slug)
    context = {
        "order": order,
        "title": season_title(order.season.programme, order.season.year),
        "organisation": organisation_view(actor.organisation_id),
        "printed_at": database_now(),
    }
    return page(request, "campaigns/print.html", context)


@require_GET
@needs("campaigns.order")
def calendar_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the delivery day as a calendar file."""
    order = _mine(actor_of(request), slug)
    answer = HttpResponse(calendar_file(order), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@needs("campaigns.order")
def change_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the order another day or quantity; the old place stays unless the new one is had."""
    actor, now = actor_of(request), database_now()
    order = _mine(actor, slug)
    check_open(rules.FUNCTION, actor.organisation_id, now=now)
    said, status = "", 200
    initial = {"on": order.delivery_on, "doses": order.doses, "version": order.version}
    form = ChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_order(order_id=order.id, actor=actor, now=now, **form.cleaned_data)
            return redirect_to(request, f"/campaigns/{slug}/")
        except (rules.DayFull, rules.DayClosed, rules.DayUnknown, rules.DosesWrong) as refused:
            said, status = _said(refused, actor), 409
    elif request.method == "POST":
        status = 422
    customer = customer_terms(order.season.id, actor.organisation_id)
    context = {
        "order": order,
        "terms": order.season,
        "title": season_title(order.season.programme, order.season.year),
        "form": form,
        "doses": form["doses"].value(),
        "said": said,
        "customer": customer,
        "ceiling": rules.doses_ceiling(order.season, customer) if customer else 0,
        "months": months_of(
            days_of(order.season.id), step=order.season.step, today=timezone.localdate(now)
        ),
        "is_changeable": _is_changeable(order, now=now),
        "server_now": now,
        **calendar_words(),
    }
    return page(request, "campaigns/change.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs("campaigns.order")
def cancel_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel the order, after saying what that means."""
    actor, now = actor_of(request), database_now()
    order = _mine(actor, slug)
    form = CancelForm(request.POST or None, initial={"version": order.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        cancel_order(order_id=order.id, version=version, actor=actor, now=now)
        return redirect_to(request, "/campaigns/")
    context = {
        "order": order,
        "title": season_title(order.season.programme, order.season.year),
        "form": form,
        "is_changeable": _is_changeable(order, now=now),
    }
    return page(request, "campaigns/cancel.html", context)


def order_context(order: OrderView, *, now: datetime) -> dict[str, object]:
    """Return what the confirmed order's page shows beside the order."""
    return {
        "order": order,
        "receipt": mail_receipt(receipt_of(LANE, f"{order.id}.{order.version}"), order, now=now),
        "versions": versions_of(order.id),
        "is_changeable": _is_changeable(order, now=now),
    }


def calendar_words() -> dict[str, object]:
    """Return how the calendar names months and days in the active language."""
    locale = LOCALES.get((get_language() or "nl")[:2], "en_GB")
    monday = date(2024, 1, 1)
    return {
        "month_name": lambda first_on: str(format_date(first_on, "LLLL y", locale=locale)),
        "weekday_names": [
            str(format_date(monday + timedelta(days=day), "cccc", locale=locale))
            for day in range(5)
        ],
    }


def phase_of(terms: rules.SeasonTerms, *, now: datetime) -> str:
    """Return where a season stands for people: before, doors, open, paused or closed."""
    if terms.state == rules.SeasonState.CLOSED or now >= terms.closes_at:
        return "closed"
    if terms.state == rules.SeasonState.PAUSED:
        return "paused"
    if now >= terms.opens_at:
        return "open"
    return "doors" if now >= terms.doors_at else "before"


def _mine(actor: Actor, slug: str) -> OrderView:
    order = open_order(season_terms(slug).id, actor.organisation_id)
    if order is None or not order.is_confirmed:
        raise rules.OrderNotFound(marked("There is no such order in your organisation."))
    return order


def _is_changeable(order: OrderView, *, now: datetime) -> bool:
    try:
        check_changeable(order.season, order.delivery_on, now=now)
    except Refused:
        return False
    return True


def _said(refused: Refused, actor: Actor) -> str:
    return say(refused, actor.language)
