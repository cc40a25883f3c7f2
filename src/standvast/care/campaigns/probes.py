"""Looks at ordering: a synthetic practice holds a place and gives it back.

It orders in a season of its own, which nobody sees and which sells nothing real.
"""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from standvast.care.campaigns.commit import commit
from standvast.care.campaigns.items import Item, Kept, OrderRow, Release, Take
from standvast.care.campaigns.mail import LANE
from standvast.care.campaigns.models import Customer, Day, KindRule, Season
from standvast.care.campaigns.rules import PROBE_YEAR, Programme, SeasonState
from standvast.core.delivery.api import lane_view
from standvast.core.health.api import (
    Probe,
    ProbeContext,
    Step,
    StepFailed,
    figure_probe,
    from_django,
    walk_probe,
)
from standvast.database.api import async_connect
from standvast.kit.actor import house_actor
from standvast.kit.errors import Refused
from standvast.registry.organisations.api import Kind, Organisation

PRACTICE_ID = UUID("00000000-0000-7000-8000-0000000c0de5")
SLUG = "probe"
KIND = "probe"
DOSES = 10
SLOW_S = 2.0
LANE_OLD_S = 60.0
"""A confirmation that has waited longer than this is late."""
FAR = datetime(9000, 1, 1, tzinfo=UTC)


@transaction.atomic
def probe_season(now: datetime) -> tuple[int, date]:
    """Return the probes' own season and a day in it; made at the first look."""
    Organisation.objects.get_or_create(
        id=PRACTICE_ID,
        defaults={"kind": Kind.PLATFORM.value, "name": "Standvast", "address_key": KIND},
    )
    past = datetime(PROBE_YEAR, 1, 1, tzinfo=UTC)
    season, _ = Season.objects.get_or_create(
        slug=SLUG,
        defaults={
            "programme": Programme.FLU.value,
            "year": PROBE_YEAR,
            "state": SeasonState.OPEN.value,
            "doors_at": past,
            "opens_at": past,
            "closes_at": FAR,
            "hold_s": 60,
        },
    )
    KindRule.objects.get_or_create(season=season, kind=KIND, defaults={"doses_max": DOSES})
    Customer.objects.get_or_create(
        season=season,
        organisation_id=PRACTICE_ID,
        defaults={"kind": KIND, "address_key": KIND},
    )
    last = Day.objects.filter(season=season, on__gt=(now + timedelta(days=2)).date()).first()
    if last is None:
        on = (now + timedelta(days=300)).date()
        last = Day.objects.create(season=season, on=on, doses_max=1_000, addresses_max=10)
    return season.id, last.on


async def _season(context: ProbeContext, bag: dict[str, Any]) -> None:
    bag["season_id"], bag["on"] = await from_django(probe_season)(context)


async def _hold(context: ProbeContext, bag: dict[str, Any]) -> None:
    del context
    bag["order"] = await _done(
        Take(
            season_id=bag["season_id"],
            on=bag["on"],
            doses=DOSES,
            actor=house_actor(PRACTICE_ID, role="probe"),
            key=str(uuid4()),
            received_s=time.monotonic(),
        )
    )


async def _release(context: ProbeContext, bag: dict[str, Any]) -> None:
    del context
    order: OrderRow = bag["order"]
    actor = house_actor(PRACTICE_ID, role="probe")
    await _done(Release(order.id, actor, str(uuid4()), time.monotonic()))


async def _done(item: Item) -> OrderRow:
    conn = await async_connect(name="standvast probe")
    try:
        async with conn.transaction():
            cursor = await conn.execute("SELECT clock_timestamp()")
            [(now,)] = await cursor.fetchall()
            [verdict] = await commit(conn, [item], now)
    finally:
        await conn.close()
    if isinstance(verdict, Refused):
        raise StepFailed(verdict.code)
    assert isinstance(verdict, Kept)
    return verdict.order


def _oldest_s(now: datetime) -> float | None:
    return lane_view(LANE, now).oldest_age_s


def _mail_probe(target: str) -> Probe:
    """Return the look at the oldest confirmation; the health floor's own sentence says it."""
    return figure_probe(
        f"lane.{LANE}.{target}",
        target,
        read=from_django(_oldest_s),
        red_over=LANE_OLD_S,
        code="health.lane_old",
    )


PROBES_OF_CAMPAIGNS = (
    walk_probe(
        "ordering.walk",
        "ordering",
        steps=(
            Step("season", _season),
            Step("hold", _hold),
            Step("release", _release),
        ),
        slow_after_s=SLOW_S,
    ),
    _mail_probe("confirmation-mail"),
    _mail_probe("confirmation-mail>mail"),
)
