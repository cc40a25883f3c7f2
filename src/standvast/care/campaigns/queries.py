"""Reads of the order desk for pages and mails: frozen rows out, always of one organisation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from standvast.care.campaigns import rules
from standvast.care.campaigns.checklist import Item, checklist
from standvast.care.campaigns.models import Customer, Day, KindRule, Order, OrderVersion, Season
from standvast.care.campaigns.views import OrderView, VersionView, order_view, terms_of
from standvast.core.groupcommit.api import until_kept
from standvast.kit.words import marked
from standvast.registry.organisations.api import Kind

ROWS_MAX = 500


def season_terms(slug: str) -> rules.SeasonTerms:
    """Return the terms of one season.

    :raises SeasonNotFound: if there is none.
    """
    season = Season.objects.filter(slug=slug).exclude(year=rules.PROBE_YEAR).first()
    if season is None:
        raise rules.SeasonNotFound(marked("There is no such season."))
    return terms_of(season)


def seasons() -> Sequence[rules.SeasonTerms]:
    """Return all seasons, the next to open first; the probes' own left out."""
    shown = Season.objects.exclude(year=rules.PROBE_YEAR).order_by("-opens_at")
    return [terms_of(season) for season in shown[:ROWS_MAX]]


def season_checklist(slug: str, *, now: datetime) -> Sequence[Item]:
    """Return the points that must be green before a season opens, as they stand.

    :raises SeasonNotFound: if there is no such season.
    """
    terms = season_terms(slug)
    customers = Customer.objects.filter(season_id=terms.id)
    figures = customers.aggregate(count=Count("organisation_id"), last=Sum("ordered_last"))
    return checklist(
        terms,
        days_of(terms.id),
        customers_count=figures["count"],
        kinds_count=KindRule.objects.filter(season_id=terms.id).count(),
        doses_last=figures["last"] or 0,
        now=now,
    )


def season_filled(slug: str) -> dict[str, object]:
    """Return a season as the office's form holds it.

    :raises SeasonNotFound: if there is no such season.
    """
    terms = season_terms(slug)
    bounds = dict(KindRule.objects.filter(season_id=terms.id).values_list("kind", "doses_max"))
    days = days_of(terms.id)
    filled: dict[str, object] = {
        "doors_at": terms.doors_at,
        "opens_at": terms.opens_at,
        "closes_at": terms.closes_at,
        "step": terms.step,
        "hold_s": terms.hold_s,
        "change_working_days_min": terms.change_working_days_min,
        "ceiling_percent": terms.ceiling_percent,
        "has_lobby": bool(terms.lobby),
        "practice_doses_max": bounds.get(Kind.PRACTICE.value),
        "care_doses_max": bounds.get(Kind.CARE.value),
    }
    if days:
        filled |= {
            "first_on": days[0].on,
            "days_count": len(days),
            "doses_per_day": days[0].doses_max,
            "addresses_per_day": days[0].addresses_max,
        }
    return filled


def customer_terms(season_id: int, organisation_id: UUID) -> rules.CustomerTerms | None:
    """Return what one organisation may order, or None if it is not invited."""
    row = Customer.objects.filter(season_id=season_id, organisation_id=organisation_id).first()
    if row is None:
        return None
    rule = KindRule.objects.filter(season_id=season_id, kind=row.kind).first()
    if rule is None:
        return None
    return rules.CustomerTerms(
        organisation_id=organisation_id,
        season_id=season_id,
        kind=row.kind,
        address_key=row.address_key,
        ordered_last=row.ordered_last,
        administered_last=row.administered_last,
        doses_max=rule.doses_max,
    )


def days_of(season_id: int) -> Sequence[rules.Day]:
    """Return the delivery days of a season, in order."""
    rows = Day.objects.filter(season_id=season_id).order_by("on")[: rules.DAYS_PER_SEASON_MAX]
    return [
        rules.Day(
            id=row.id,
            season_id=row.season_id,
            on=row.on,
            doses_max=row.doses_max,
            doses_taken=row.doses_taken,
            addresses_max=row.addresses_max,
            addresses_taken=row.addresses_taken,
            is_closed=row.is_closed,
            version=row.version,
        )
        for row in rows
    ]


def open_order(season_id: int, organisation_id: UUID) -> OrderView | None:
    """Return the organisation's hold or order of a season, once it is on disk."""
    row = (
        Order.objects.of_organisation(organisation_id)
        .open()
        .filter(season_id=season_id)
        .select_related("season", "day")
        .first()
    )
    if row is None:
        return None
    until_kept(row.hold_taken_at, row.confirmed_at)
    return order_view(row)


def orders_of(organisation_id: UUID) -> Sequence[OrderView]:
    """Return what the organisation ordered, in all seasons, latest first; holds left out."""
    rows = (
        Order.objects.of_organisation(organisation_id)
        .filter(state__in=(rules.OrderState.CONFIRMED, rules.OrderState.CANCELLED))
        .select_related("season", "day")
        .order_by("-hold_taken_at")[:ROWS_MAX]
    )
    until_kept(*(row.confirmed_at for row in rows))
    return [order_view(row) for row in rows]


def versions_of(order_id: UUID) -> Sequence[VersionView]:
    """Return the versions that were replaced, the oldest first."""
    rows = OrderVersion.objects.filter(order_id=order_id).order_by("version")[:ROWS_MAX]
    return [
        VersionView(row.version, row.delivery_on, row.doses, row.state, row.replaced_at)
        for row in rows
    ]


def order_at_version(order_id: UUID, version: int) -> OrderView:
    """Return an order as it stood at one version; for the house itself, not for pages.

    :raises OrderNotFound: if there is no such order or version.
    """
    row = Order.objects.select_related("season", "day").filter(id=order_id).first()
    if row is None or row.version < version:
        raise rules.OrderNotFound(marked("There is no such order in your organisation."))
    view = order_view(row)
    if row.version == version:
        return view
    before = OrderVersion.objects.filter(order_id=order_id, version=version).first()
    if before is None:
        raise rules.OrderNotFound(marked("There is no such order in your organisation."))
    return replace(
        view,
        version=version,
        delivery_on=before.delivery_on,
        doses=before.doses,
        state=before.state,
    )
