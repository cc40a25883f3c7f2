"""Holds end by themselves, and our own silence is given back."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from standvast.care.campaigns import rules, twin
from standvast.care.campaigns.models import Season
from standvast.core.journal.api import entry_of, record_many
from standvast.database.api import named_sql
from standvast.kit.actor import house_actor

PACKAGE = "standvast.care.campaigns"
HOLDS_PER_SWEEP_MAX = 2_000
SILENCE = timedelta(seconds=5)
"""The sweep runs every second. A longer gap means that we, or the database, were not there."""


def sweep(now: datetime) -> None:
    """Give back our own silence, then end what is over. Run every second by the watch."""
    seasons = Season.objects.filter(state__in=(rules.SeasonState.OPEN, rules.SeasonState.PAUSED))
    if not twin.is_on():
        for season_id in seasons.values_list("id", flat=True):
            give_back_silence(season_id=season_id, now=now)
    expire_holds(now=now)


@transaction.atomic(durable=True)
def give_back_silence(*, season_id: int, now: datetime) -> timedelta:
    """Note that we looked; lengthen every hold by a gap since the last look. Return the gap.

    A pause has its own clock: it is given back when it ends.
    """
    season = Season.objects.select_for_update(no_key=True).get(id=season_id)
    last, season.swept_at = season.swept_at, now
    season.save(update_fields=["swept_at"])
    if last is None or now - last <= SILENCE or season.state != rules.SeasonState.OPEN:
        return timedelta(0)
    give_back(season_id=season_id, silent_from=last, now=now)
    return now - last


def give_back(*, season_id: int, silent_from: datetime, now: datetime) -> None:
    """Move the clocks of a season's holds by the time between, inside the caller's transaction."""
    assert connection.in_atomic_block
    values: dict[str, Any] = {"season_id": season_id, "silent_from": silent_from, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "lock_held_days"), values)
        cursor.execute(named_sql(PACKAGE, "give_back"), values)


@transaction.atomic(durable=True)
def expire_holds(*, now: datetime) -> int:
    """End holds whose time and grace are over, both counters in one move; return how many.

    Bounded: what is left over ends at the next sweep.
    """
    values: dict[str, Any] = {
        "before": now - rules.GRACE,
        "now": now,
        "count_max": HOLDS_PER_SWEEP_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "lock_days_of_holds"), values)
        day_ids = [row[0] for row in cursor.fetchall()]
        if not day_ids:
            return 0
        cursor.execute(named_sql(PACKAGE, "expire_holds"), {**values, "day_ids": day_ids})
        ended = cursor.fetchall()
    record_many(
        [
            entry_of(
                house_actor(organisation_id),
                at=now,
                action="U",
                event="campaigns.hold_expired",
                record_kind="campaigns.order",
                record_id=order_id,
                detail={"day": day_id, "doses": doses},
            )
            for order_id, organisation_id, day_id, doses in ended
        ]
    )
    return len(ended)
