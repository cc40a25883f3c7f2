"""The opening night in figures: lobby, orders a minute, what is left, lanes, the slowest step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncMinute

from standvast.care.campaigns import rules
from standvast.care.campaigns.mail import LANE
from standvast.care.campaigns.models import Order
from standvast.care.campaigns.queries import days_of
from standvast.core.delivery.api import LaneView, lane_views
from standvast.core.lobby.api import LobbyNotFound, LobbyView, load_reported, lobby_view

MINUTES_SHOWN = 30
SLOW_S = 1.0
"""A step that takes longer than this is named in the sentence."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order and how long it takes now."""

    name: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class NightView:
    """What the board shows."""

    at: datetime
    lobby: LobbyView | None
    minutes: Sequence[datetime]
    orders_per_minute: Sequence[int]
    confirmed_count: int
    held_count: int
    doses_taken: int
    doses_max: int
    addresses_taken: int
    addresses_max: int
    full_days_count: int
    days_count: int
    lanes: Sequence[LaneView]
    steps: Sequence[Step]
    slowest: Step | None


def night_view(season: rules.SeasonTerms, *, now: datetime) -> NightView:
    """Return the board as it is now."""
    orders = Order.objects.filter(season_id=season.id).open()
    by_state = dict(orders.values_list("state").annotate(count=Count("id")))
    days = [day for day in days_of(season.id) if not day.is_closed]
    minutes, counts = _per_minute(season.id, now=now)
    lanes = [lane for lane in lane_views(now) if lane.name in (LANE, "mail")]
    page_s = load_reported(season.lobby, now).page_p95_s if season.lobby else None
    mail_s = max((lane.oldest_age_s for lane in lanes if lane.depth_count), default=0.0)
    steps = (Step("order", page_s), Step("mail", mail_s))
    known = [step for step in steps if step.seconds is not None]
    slowest = max(known, key=lambda step: step.seconds or 0.0, default=None)
    return NightView(
        at=now,
        lobby=_lobby(season.lobby),
        minutes=minutes,
        orders_per_minute=counts,
        confirmed_count=by_state.get(rules.OrderState.CONFIRMED.value, 0),
        held_count=by_state.get(rules.OrderState.HELD.value, 0),
        doses_taken=sum(day.doses_taken for day in days),
        doses_max=sum(day.doses_max for day in days),
        addresses_taken=sum(day.addresses_taken for day in days),
        addresses_max=sum(day.addresses_max for day in days),
        full_days_count=sum(day.doses_left < season.step or day.addresses_left < 1 for day in days),
        days_count=len(days),
        lanes=lanes,
        steps=steps,
        slowest=slowest if slowest and (slowest.seconds or 0.0) > SLOW_S else None,
    )


def _lobby(slug: str) -> LobbyView | None:
    if not slug:
        return None
    try:
        return lobby_view(slug)
    except LobbyNotFound:
        return None


def _per_minute(season_id: int, *, now: datetime) -> tuple[Sequence[datetime], Sequence[int]]:
    """Return the confirmed orders of the last half hour, minute by minute, empty ones as 0."""
    first = (now - timedelta(minutes=MINUTES_SHOWN - 1)).replace(second=0, microsecond=0)
    rows = (
        Order.objects.filter(season_id=season_id, confirmed_at__gte=first)
        .annotate(minute=TruncMinute("confirmed_at", tzinfo=now.tzinfo))
        .values_list("minute")
        .annotate(count=Count("id"))
    )
    counted = dict(rows)
    minutes = [first + timedelta(minutes=number) for number in range(MINUTES_SHOWN)]
    return minutes, [counted.get(minute, 0) for minute in minutes]
