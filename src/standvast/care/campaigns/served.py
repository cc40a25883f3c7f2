"""Whom ordering serves, for the desk that tells them and calls them back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from standvast.care.campaigns import rules
from standvast.care.campaigns.models import Customer, Order, OrderVersion, Season
from standvast.core.lobby.api import organisations_in

USED_WITHIN = timedelta(days=30)


def organisations_served(now: datetime) -> Mapping[UUID, bool]:
    """Return whom ordering serves, and of each whether it used it in the last 30 days.

    Served are the customers of seasons that are open or still to open, and whoever waits for a
    delivery that may yet change. Used: a place in the lobby, a hold, an order or a change of one.
    """
    running = Season.objects.exclude(year=rules.PROBE_YEAR).exclude(
        state=rules.SeasonState.CLOSED.value
    )
    lobbies = dict(running.filter(closes_at__gt=now).values_list("id", "lobby"))
    customers = Customer.objects.filter(season_id__in=lobbies)
    served = frozenset(customers.values_list("organisation_id", flat=True))
    waiting = _orders().filter(
        state=rules.OrderState.CONFIRMED.value, day__on__gte=timezone.localdate(now)
    )
    served |= frozenset(waiting.values_list("organisation_id", flat=True))
    used = _used(since=now - USED_WITHIN)
    used |= organisations_in(
        [lobby for lobby in lobbies.values() if lobby], since=now - USED_WITHIN
    )
    return {organisation_id: organisation_id in used for organisation_id in served}


def _used(*, since: datetime) -> frozenset[UUID]:
    moved = _orders().filter(Q(hold_taken_at__gte=since) | Q(ended_at__gte=since))
    changed = OrderVersion.objects.filter(replaced_at__gte=since)
    return frozenset(moved.values_list("organisation_id", flat=True)) | frozenset(
        changed.values_list("order__organisation_id", flat=True)
    )


def _orders() -> "QuerySet[Order]":
    return Order.objects.exclude(season__year=rules.PROBE_YEAR)
