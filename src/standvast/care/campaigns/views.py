"""Frozen rows of seasons and orders, for pages and mails."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from standvast.care.campaigns import rules
from standvast.care.campaigns.models import Order, Season
from standvast.care.campaigns.workdays import last_change_on


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


def order_view(row: Order) -> OrderView:
    """Return an order's row, read with its season and day, as a frozen view."""
    """Return an order's row, read with its season and day, as a frozen view."""
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
