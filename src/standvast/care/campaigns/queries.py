"""Reads of the order desk for pages and mails: frozen rows out, always of one organisation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Sum

from standvast.care.campaigns import rules
from standvast.care.campaigns.checklist import Item, checklist
from standvast.care.campaigns.models import Customer, Day, KindRule, Order, OrderVersion, Season
from standvast.care.campaigns.workdays import last_change_on
from standvast.kit.words import marked

ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order as its organisation sees it, at its latest or an earlier version."""

    id: UUID
    reference: str
    organisation_id: UUID
    season: rules.SeasonTerms
    delivery_on: date
    doses: int
    state: str
    hold_taken_at: datetime
    held_until: datetime
    given_back_ms: int
    confirmed_at: datetime | None
    ended_at: datetime | None
    version: int
    language: str
    last_change_on: date

    @property
    def is_held(self) -> bool:
        return self.state == rules.OrderState.HELD

    @property
    def is_confirmed(self) -> bool:
        return self.state == rules.OrderState.CONFIRMED


@dataclass(frozen=True, slots=True)
class VersionView:
    """What an order was before a change."""

    version: int
    delivery_on: date
    doses: int
    state: str
    replaced_at: datetime


def terms_of(season: Season) -> rules.SeasonTerms:
    """Return a season's row as the frozen terms that rules decide on."""
    return rules.SeasonTerms(
        id=season.id,
        slug=season.slug,
        programme=season.programme,
        year=season.year,
        state=season.state,
        opens_at=season.opens_at,
        doors_at=season.doors_at,
        closes_at=season.closes_at,
        paused_at=season.paused_at,
        step=season.step,
        hold_s=season.hold_s,
        change_working_days_min=season.change_working_days_min,
        ceiling_percent=season.ceiling_percent,
        lobby=season.lobby,
        region=season.region,
    )


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
    """Return the organisation's hold or order of a season."""
    row = (
        Order.objects.of_organisation(organisation_id)
        .open()
        .filter(season_id=season_id)
        .select_related("season", "day")
        .first()
    )
    return _view(row) if row else None


def orders_of(organisation_id: UUID) -> Sequence[OrderView]:
    """Return what the organisation ordered, in all seasons, latest first; holds left out."""
    rows = (
        Order.objects.of_organisation(organisation_id)
        .filter(state__in=(rules.OrderState.CONFIRMED, rules.OrderState.CANCELLED))
        .select_related("season", "day")
        .order_by("-hold_taken_at")[:ROWS_MAX]
    )
    return [_view(row) for row in rows]


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
    view = _view(row)
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


def _view(row: Order) -> OrderView:
    season = terms_of(row.season)
    return OrderView(
        id=row.id,
        reference=rules.order_reference(row.id),
        organisation_id=row.organisation_id,
        season=season,
        delivery_on=row.day.on,
        doses=row.doses,
        state=row.state,
        hold_taken_at=row.hold_taken_at,
        held_until=row.held_until,
        given_back_ms=row.given_back_ms,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        version=row.version,
        language=row.language,
        last_change_on=last_change_on(
            row.day.on, days_min=season.change_working_days_min, region=season.region
        ),
    )
