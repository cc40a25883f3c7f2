"""One batch of the order desk in one transaction: lock, read, decide, write.

Called by the group commit with an open transaction. The number of statements does not grow with
the batch, and what they are given is one text each; the rules are in `decisions`, the text of each
statement in `sql/`.
"""

import time
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.utils import timezone

from standvast.care.campaigns import rules
from standvast.care.campaigns.decisions import Batch
from standvast.care.campaigns.items import CustomerSeen, Item, OrderRow, OrderSeen, Take, Verdict
from standvast.care.campaigns.mail import confirmation_message
from standvast.care.campaigns.passes import admitted_by_lobby, finish_places
from standvast.care.campaigns.published import orders_placed
from standvast.core.delivery.api import enqueue_set, is_heard, publish_set
from standvast.core.journal.api import Entry, entry_of, record_set
from standvast.database.api import as_array, as_json, named_sql, together
from standvast.events.campaigns import OrderPlaced

PACKAGE = "standvast.care.campaigns"
Connection = psycopg.AsyncConnection[tuple[Any, ...]]
_ORDERS = msgspec.json.Decoder(list[OrderSeen])
_CUSTOMERS = msgspec.json.Decoder(list[CustomerSeen])
_SEASONS = msgspec.json.Decoder(list[rules.SeasonTerms])
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

    :raises psycopg.errors.UniqueViolation: if another process forestalled one of the new orders:
        nothing was written, and the batch can be decided anew.
    """
    batch = await _read(conn, items, now)
    verdicts = [batch.decide(item) for item in items]
    await _write(conn, batch)
    await _tell(conn, batch, now)
    return verdicts


async def _read(conn: Connection, items: Sequence[Item], now: datetime) -> Batch:
    """Lock the days, then read what depends on the lock: each statement sees what is committed.

    All are sent at once and run one after the other: one way to the database and back.
    """
    monotonic_s = time.monotonic()
    asked = _asked(items)
    days_found, found, admitted = await together(
        _rows(conn, "lock_days", asked),
        _rows(conn, "read_batch", asked),
        admitted_by_lobby(conn, _waiting_by_lobby(items), now=now),
    )
    days = [rules.Day(*row) for row in days_found]
    (row,) = found
    orders = _ORDERS.decode(row[0])
    customers = _CUSTOMERS.decode(row[1])
    seasons = {season.id: season for season in _SEASONS.decode(row[2])}
    days_by_date = {(day.season_id, day.on): day for day in days}
    stops: dict[tuple[int, str], int] = {}
    for customer in customers:
        if (day := days_by_date.get((customer.season_id, customer.on))) is not None:
            stops[day.id, customer.address_key] = customer.stop_count
    for order in orders:
        stops[order.day_id, order.address_key] = order.stop_count
    return Batch(
        now=now,
        monotonic_s=monotonic_s,
        today=now.astimezone(timezone.get_default_timezone()).date(),
        seasons=seasons,
        customers={(one.season_id, one.organisation_id): one for one in customers},
        days=days_by_date,
        stops=stops,
        orders={order.id: order for order in orders},
        admitted=admitted,
    )


def _asked(items: Sequence[Item]) -> dict[str, str]:
    takes = [
        {
            "season_id": item.season_id,
            "on": item.on,
            "organisation_id": item.actor.organisation_id,
            "key": item.key,
        }
        for item in items
        if isinstance(item, Take)
    ]
    return {
        "asked": as_json(takes),
        "order_ids": as_array(item.order_id for item in items if not isinstance(item, Take)),
    }


def _waiting_by_lobby(items: Sequence[Item]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for item in items:
        if isinstance(item, Take) and item.lobby:
            found.setdefault(item.lobby, []).append(item.actor.organisation_id)
    return found


async def _rows(conn: Connection, name: str, asked: Mapping[str, str]) -> Sequence[tuple[Any, ...]]:
    cursor = await conn.execute(named_sql(PACKAGE, name), asked)
    return await cursor.fetchall()


async def _write(conn: Connection, batch: Batch) -> None:
    """Write moved orders, then new ones with both counters of each day and the stops."""
    if batch.updated:
        moved = as_json(list(batch.updated.values()))
        await conn.execute(named_sql(PACKAGE, "update_orders"), {"orders": moved})
    if not batch.doses_delta:
        return
    days = {
        str(day_id): {"doses": doses, "addresses": batch.addresses_delta[day_id]}
        for day_id, doses in batch.doses_delta.items()
    }
    stops = [
        {"day_id": stop[0], "address_key": stop[1], "orders_count": batch.stops[stop]}
        for stop in sorted(batch.stops_touched)
    ]
    await conn.execute(
        named_sql(PACKAGE, "write_batch"),
        {
            "orders": as_json(sorted(batch.inserted.values(), key=_insert_order)),
            "days": as_json(days),
            "day_ids": "{" + ",".join(days) + "}",
            "stops": as_json(stops),
        },
    )


def _insert_order(order: OrderRow) -> tuple[UUID, bool]:
    """By organisation; a hold that was moved within the batch before the one that replaced it."""
    return order.organisation_id, order.state in rules.OPEN_STATES


async def _tell(conn: Connection, batch: Batch, now: datetime) -> None:
    """Write the deliveries, the end of each turn in the lobby, and last the journal."""
    told: list[Awaitable[object]] = []
    if batch.confirmed:
        messages = [confirmation_message(order) for order, _ in batch.confirmed]
        told.append(enqueue_set(conn, messages, now=now))
        if is_heard(OrderPlaced):
            told.append(publish_set(conn, orders_placed(batch), now=now))
        finished: dict[str, list[UUID]] = {}
        for order, _ in batch.confirmed:
            if lobby := batch.seasons[order.season_id].lobby:
                finished.setdefault(lobby, []).append(order.organisation_id)
        told.append(finish_places(conn, finished, now=now))
    if batch.told:
        told.append(record_set(conn, _entries(batch, now)))
    await together(*told)


def _entries(batch: Batch, now: datetime) -> list[Entry]:
    return [
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
    ]
