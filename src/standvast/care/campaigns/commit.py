"""One batch of the order desk in one transaction: lock, read, decide, write.

Called by the group commit with an open transaction. The number of statements does not grow with
the batch; the rules are in `decisions`, the text of each statement in `sql/`.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.utils import timezone

from standvast.care.campaigns import rules
from standvast.care.campaigns.decisions import Batch
from standvast.care.campaigns.items import Item, Kept, OrderRow, Take, Verdict
from standvast.care.campaigns.mail import confirmation_message
from standvast.care.campaigns.passes import admitted_by_lobby, finish_places
from standvast.care.campaigns.published import orders_placed
from standvast.core.delivery.api import enqueue_set, is_heard, publish_set
from standvast.core.journal.api import entry_of, record_set
from standvast.database.api import named_sql
from standvast.events.campaigns import OrderPlaced
from standvast.kit.words import marked

PACKAGE = "standvast.care.campaigns"
Connection = psycopg.AsyncConnection[tuple[Any, ...]]
ACTIONS = {
    "campaigns.order_placed": "C",
    "campaigns.hold_taken": "C",
    "campaigns.order_confirmed": "U",
    "campaigns.hold_moved": "U",
    "campaigns.hold_released": "D",
}


async def commit(conn: Connection, items: Sequence[Item], now: datetime) -> list[Verdict]:
    """Decide a batch in order of arrival and write it; return one verdict per item.

    Holds the locks of the days concerned, taken in key order, until the transaction ends.
    """
    batch = await _read(conn, items, now)
    verdicts = [batch.decide(item) for item in items]
    lost = await _write_orders(conn, batch)
    if lost:
        verdicts = [_forestalled(verdict, lost) for verdict in verdicts]
    await _write_counts(conn, batch)
    await _tell(conn, batch, now)
    return verdicts


async def _read(conn: Connection, items: Sequence[Item], now: datetime) -> Batch:
    """Lock the days, then read what depends on the lock: each statement sees what is committed."""
    monotonic_s = time.monotonic()
    asked = _asked(items)
    async with conn.pipeline():
        await conn.execute(named_sql(PACKAGE, "plain_plans"))
        days = await conn.execute(named_sql(PACKAGE, "lock_days"), asked)
        orders = await conn.execute(named_sql(PACKAGE, "read_orders"), asked)
        customers = await conn.execute(named_sql(PACKAGE, "read_customers"), asked)
        seasons = await conn.execute(named_sql(PACKAGE, "read_seasons"), asked)
        day_rows = [rules.Day(*row) for row in await days.fetchall()]
        order_rows = await orders.fetchall()
        customer_rows = await customers.fetchall()
        season_rows = [rules.SeasonTerms(*row) for row in await seasons.fetchall()]
    days_by_date = {(day.season_id, day.on): day for day in day_rows}
    stops: dict[tuple[int, str], int] = {}
    customers_by_season: dict[tuple[int, UUID], rules.CustomerTerms] = {}
    for *values, on, count in customer_rows:
        customer = rules.CustomerTerms(*values)
        customers_by_season[customer.season_id, customer.organisation_id] = customer
        if (day := days_by_date.get((customer.season_id, on))) is not None:
            stops[day.id, customer.address_key] = count
    found: dict[UUID, OrderRow] = {}
    for *values, count in order_rows:
        order = OrderRow(*values)
        found[order.id] = order
        stops[order.day_id, order.address_key] = count
    by_season = {season.id: season for season in season_rows}
    return Batch(
        now=now,
        monotonic_s=monotonic_s,
        today=now.astimezone(timezone.get_default_timezone()).date(),
        seasons=by_season,
        customers=customers_by_season,
        days=days_by_date,
        stops=stops,
        orders=found,
        admitted=await admitted_by_lobby(conn, _waiting_by_lobby(items, by_season), now=now),
    )


def _asked(items: Sequence[Item]) -> dict[str, list[Any]]:
    takes = [item for item in items if isinstance(item, Take)]
    return {
        "season_ids": [item.season_id for item in takes],
        "dates": [item.on for item in takes],
        "organisation_ids": [item.actor.organisation_id for item in takes],
        "keys": [item.key for item in takes],
        "order_ids": [item.order_id for item in items if not isinstance(item, Take)],
    }


def _waiting_by_lobby(
    items: Sequence[Item], seasons: dict[int, rules.SeasonTerms]
) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for item in items:
        if isinstance(item, Take) and (season := seasons.get(item.season_id)) and season.lobby:
            found.setdefault(season.lobby, []).append(item.actor.organisation_id)
    return found


async def _write_orders(conn: Connection, batch: Batch) -> set[UUID]:
    """Write moved orders, then new ones; return the ids that another process forestalled."""
    if batch.updated:
        await conn.execute(named_sql(PACKAGE, "update_orders"), _updated(batch))
    new = sorted(batch.inserted.values(), key=_insert_order)
    if not new:
        return set()
    cursor = await conn.execute(named_sql(PACKAGE, "insert_orders"), _inserted(new))
    if cursor.rowcount == len(new):
        return set()
    lost = {order.id for order in new} - {row[0] for row in await cursor.fetchall()}
    batch.lose(lost)
    return lost


def _insert_order(order: OrderRow) -> tuple[UUID, bool]:
    """By organisation; a hold that was moved within the batch before the one that replaced it."""
    return order.organisation_id, order.state in rules.OPEN_STATES


def _updated(batch: Batch) -> dict[str, list[Any]]:
    orders = list(batch.updated.values())
    return {
        "ids": [order.id for order in orders],
        "states": [order.state for order in orders],
        "held_untils": [order.held_until for order in orders],
        "given_back_mss": [order.given_back_ms for order in orders],
        "confirmed_ats": [order.confirmed_at for order in orders],
        "ended_ats": [order.ended_at for order in orders],
        "key_confirms": [order.key_confirm for order in orders],
        "person_ids": [order.person_id for order in orders],
        "helping_froms": [order.helping_from for order in orders],
        "languages": [order.language for order in orders],
    }


def _inserted(orders: list[OrderRow]) -> dict[str, list[Any]]:
    return {
        "ids": [order.id for order in orders],
        "season_ids": [order.season_id for order in orders],
        "organisation_ids": [order.organisation_id for order in orders],
        "day_ids": [order.day_id for order in orders],
        "address_keys": [order.address_key for order in orders],
        "doses": [order.doses for order in orders],
        "states": [order.state for order in orders],
        "hold_taken_ats": [order.hold_taken_at for order in orders],
        "held_untils": [order.held_until for order in orders],
        "given_back_mss": [order.given_back_ms for order in orders],
        "confirmed_ats": [order.confirmed_at for order in orders],
        "ended_ats": [order.ended_at for order in orders],
        "versions": [order.version for order in orders],
        "key_holds": [order.key_hold for order in orders],
        "key_confirms": [order.key_confirm for order in orders],
        "person_ids": [order.person_id for order in orders],
        "helping_froms": [order.helping_from for order in orders],
        "languages": [order.language for order in orders],
    }


def _forestalled(verdict: Verdict, lost: set[UUID]) -> Verdict:
    if isinstance(verdict, Kept) and verdict.order.id in lost:
        return rules.OneOrderPerSeason(
            marked("Your order for this season stands already. You can change it.")
        )
    return verdict


async def _write_counts(conn: Connection, batch: Batch) -> None:
    """Write both counters of each day and the stops they follow from."""
    if not batch.doses_delta:
        return
    stops = sorted(batch.stops_touched)
    async with conn.pipeline():
        await conn.execute(
            named_sql(PACKAGE, "update_days"),
            {
                "day_ids": list(batch.doses_delta),
                "doses": list(batch.doses_delta.values()),
                "addresses": [batch.addresses_delta[day_id] for day_id in batch.doses_delta],
            },
        )
        await conn.execute(
            named_sql(PACKAGE, "write_stops"),
            {
                "day_ids": [day_id for day_id, _ in stops],
                "address_keys": [address_key for _, address_key in stops],
                "counts": [batch.stops[stop] for stop in stops],
            },
        )


async def _tell(conn: Connection, batch: Batch, now: datetime) -> None:
    """Write the deliveries, the end of each turn in the lobby, and last the journal."""
    await conn.execute(named_sql(PACKAGE, "usual_plans"))
    if batch.confirmed:
        await enqueue_set(
            conn, [confirmation_message(order) for order, _ in batch.confirmed], now=now
        )
        if is_heard(OrderPlaced):
            await publish_set(conn, orders_placed(batch), now=now)
        finished: dict[str, list[UUID]] = {}
        for order, _ in batch.confirmed:
            if lobby := batch.seasons[order.season_id].lobby:
                finished.setdefault(lobby, []).append(order.organisation_id)
        await finish_places(conn, finished, now=now)
    if batch.told:
        await record_set(
            conn,
            [
                entry_of(
                    item.actor,
                    at=now,
                    action=ACTIONS[event],
                    event=event,
                    record_kind="campaigns.order",
                    record_id=order.id,
                    detail={"doses": order.doses, "day": order.day_id},
                )
                for order, item, event in batch.told
            ],
        )
