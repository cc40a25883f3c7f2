"""A courier's turn at a lane: record answers, lease the next; one transaction under its lock.

The lane's row lock puts all couriers of a lane in order, so that rate, concurrency, breaker and
the order per subject hold over all of them. Nobody who enqueues ever takes it.
"""

import math
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from standvast.core.delivery.lanes import Lane
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.presence import LOCK_CLASS
from standvast.core.delivery.rules import (
    Breaker,
    Flow,
    opens_next_at,
    probed,
    refilled,
    width,
)
from standvast.core.delivery.sealing import CannotOpen, opened
from standvast.core.delivery.settling import Answer, Connection, Settled, named, settle
from standvast.core.delivery.values import Lease, Payload, RefusedByPeer, TryLater
from standvast.database.api import named_sql

LEASE_EXPIRED = "delivery.lease_expired"
HANDED_BACK = "delivery.handed_back"
CANNOT_OPEN = "delivery.cannot_open"
BUSY_COUNT = 50
BUSY_S = 0.5
"""After a turn of 50 or more a courier promises to look again within this, unasked."""
NEWEST_SHARE = 0.2
"""Of each turn, for the newest deliveries; the rest goes by age."""
MINUTE = timedelta(seconds=60)


@dataclass(slots=True)
class Turn:
    """What a turn brought."""

    leases: list[Lease] = field(default_factory=list)
    unopened: list[Answer] = field(default_factory=list)
    """Leased, but their payload does not open: to be settled as they are."""
    believed_ids: frozenset[int] = frozenset()
    """Deliveries whose answer counted; the others had lost their lease."""
    found_count: int = 0
    """Rows leased or found to stand behind; zero: nothing is due."""
    again_in_s: float | None = None
    """When the bounds let more through; None if the bounds did not hold anything back."""
    now: datetime | None = None


@dataclass(slots=True)
class Minute:
    """What a lane settled in this minute and in the one before."""

    at: datetime | None
    count: int
    before_count: int

    def counted(self, count: int, now: datetime) -> "Minute":
        """Return it with so many more."""
        if self.at is None or now - self.at >= 2 * MINUTE:
            return Minute(now, count, 0)
        if now - self.at >= MINUTE:
            return Minute(self.at + MINUTE, count, self.count)
        return Minute(self.at, self.count + count, self.before_count)


async def turn(
    conn: Connection,
    lane: Lane,
    answers: Sequence[Answer] = (),
    *,
    want_count: int,
    now: datetime | None = None,
    look_for_expired: bool = False,
    courier: int | None = None,
    jitter: Callable[[], float] = random.random,
) -> Turn:
    """Record `answers`, release what expired if asked, and lease at most `want_count`.

    `courier` is the number it leases under: once its session has ended, whoever looks for expired
    leases gives its leases back; without a number they only expire. `now` is the database's clock
    unless given. An answer whose lease was lost changes nothing.
    """
    result, expires_at, token = Turn(), None, uuid.uuid4()
    raw: list[tuple[Any, ...]] = []
    async with conn.transaction():
        flow, minute, now = await _locked(conn, lane, now)
        result.now = now
        told = list(answers)
        if look_for_expired:
            told += await _expired(conn, lane, now, answers)
        change: dict[str, object] = dict(_NOTHING)
        if told:
            settled = await settle(conn, lane, flow, told, now=now, jitter=jitter)
            flow, result.believed_ids = settled.flow, settled.believed_ids
            minute = minute.counted(len(settled.believed_ids), now)
            change |= change_of(settled, now)
        flow = probed(refilled(flow, lane.bounds, now=now), lane.bounds, now=now)
        places = width(flow, lane.bounds)
        limit = min(want_count, math.floor(flow.tokens + 1e-9), places)
        if limit > 0:
            expires_at = now + timedelta(seconds=lane.lease_s)
            newest_count = math.floor(limit * NEWEST_SHARE + jitter())
            raw, result.found_count = await _lease(
                conn, lane, limit, places, newest_count, now, expires_at, token, courier
            )
            flow = replace(flow, tokens=max(0.0, flow.tokens - len(raw)))
        if len(raw) >= BUSY_COUNT:
            change["awake_until"] = now + timedelta(seconds=BUSY_S)
        if want_count > limit:
            result.again_in_s = _again_in_s(flow, lane, now)
        if raw or told or flow.breaker is Breaker.PROBING:
            await conn.execute(
                named_sql(PACKAGE, "write_flow"), flow_parameters(lane, flow, minute, change)
            )
    if expires_at is not None:
        _open(lane, raw, token, expires_at, result)
    return result


_NOTHING: Mapping[str, object] = {
    "accepted": 0,
    "refused": 0,
    "later": 0,
    "answered_at": None,
    "answer": None,
    "reason_code": None,
    "awake_until": None,
}


def change_of(settled: Settled, now: datetime) -> dict[str, object]:
    """Return what answers change in a lane's figures."""
    change: dict[str, object] = {
        "accepted": settled.accepted_count,
        "refused": settled.refused_count,
        "later": settled.later_count,
    }
    if settled.last is not None:
        answer, reason = named(settled.last)
        change |= {"answered_at": now, "answer": answer, "reason_code": reason}
    return change


async def _locked(
    conn: Connection, lane: Lane, now: datetime | None
) -> tuple[Flow, Minute, datetime]:
    parameters = {"lane": lane.name, "now": now}
    cursor = await conn.execute(named_sql(PACKAGE, "lock_flow"), parameters, binary=True)
    row = await cursor.fetchone()
    if row is None:
        await make_flow(conn, lane)
        cursor = await conn.execute(named_sql(PACKAGE, "lock_flow"), parameters, binary=True)
        row = await cursor.fetchone()
    assert row is not None
    return flow_of(row)


def flow_of(row: tuple[Any, ...]) -> tuple[Flow, Minute, datetime]:
    """Return what `sql/lock_flow.sql` answered, and the database's time."""
    flow = Flow(
        is_paused=row[2],
        breaker=Breaker(row[3]),
        faults_count=row[4],
        opened_at=row[5],
        openings_count=row[6],
        width_count=row[7],
        tokens=row[8],
        tokens_at=row[9],
    )
    return flow, Minute(row[10], row[11], row[12]), row[1]


async def make_flow(conn: Connection, lane: Lane) -> None:
    """Give the lane its row, or keep its bound up to date."""
    await conn.execute(
        named_sql(PACKAGE, "make_flow"), {"lane": lane.name, "depth_max": lane.depth_max}
    )


async def _expired(
    conn: Connection, lane: Lane, now: datetime, answers: Sequence[Answer]
) -> list[Answer]:
    """Return a verdict for each lease whose courier is gone or late, and has not just answered."""
    answered_now = {(answer.lease.delivery_id, answer.lease.token) for answer in answers}
    cursor = await conn.execute(
        named_sql(PACKAGE, "expired"),
        {"lane": lane.name, "now": now, "lock_class": LOCK_CLASS},
        binary=True,
    )
    return [
        Answer(
            Lease(row[0], lane.name, "", "", {}, row[2], row[1], now, row[3], row[3]),
            TryLater(LEASE_EXPIRED, retry_after_s=0),
            is_ours=True,
        )
        for row in await cursor.fetchall()
        if (row[0], row[1]) not in answered_now
    ]


async def _lease(
    conn: Connection,
    lane: Lane,
    limit: int,
    places: int,
    newest_count: int,
    now: datetime,
    expires_at: datetime,
    token: uuid.UUID,
    courier: int | None,
) -> tuple[list[tuple[Any, ...]], int]:
    cursor = await conn.execute(
        named_sql(PACKAGE, "lease"),
        {
            "lane": lane.name,
            "limit": limit,
            "width": places,
            "newest": newest_count,
            "now": now,
            "token": token,
            "expires_at": expires_at,
            "courier": courier,
            "lock_class": LOCK_CLASS,
        },
        binary=True,
    )
    rows = await cursor.fetchall()
    behind_count = rows[0][8]
    if rows[0][0] is None:
        return [], behind_count
    return rows, len(rows) + behind_count


def _open(
    lane: Lane,
    raw: Sequence[tuple[Any, ...]],
    token: uuid.UUID,
    expires_at: datetime,
    result: Turn,
) -> None:
    """Open the payloads, after the transaction: nobody waits for the arithmetic."""
    name = lane.name
    for number, subject, key, key_id, sealed, attempts_count, created_at, owed_at, _ in raw:
        payload: Payload | None
        try:
            payload = opened(sealed, key_id=key_id, lane=name, key=key)
        except CannotOpen:
            payload = None
        lease = Lease(
            delivery_id=number,
            lane=name,
            subject=subject,
            key=key,
            payload=payload or {},
            attempts_count=attempts_count,
            token=token,
            expires_at=expires_at,
            created_at=created_at,
            owed_at=owed_at,
        )
        if payload is None:
            result.unopened.append(Answer(lease, RefusedByPeer(CANNOT_OPEN), is_ours=True))
        else:
            result.leases.append(lease)


def _again_in_s(flow: Flow, lane: Lane, now: datetime) -> float | None:
    if flow.is_paused:
        return None
    probes_at = opens_next_at(flow, lane.bounds)
    if probes_at is not None:
        return max(0.0, (probes_at - now).total_seconds())
    if flow.tokens < 1.0:
        return (1.0 - flow.tokens) / lane.rate_per_s
    return None


def flow_parameters(
    lane: Lane, flow: Flow, minute: Minute, change: Mapping[str, object]
) -> Mapping[str, object]:
    """Return what `sql/write_flow.sql` takes."""
    return {
        "lane": lane.name,
        "breaker": flow.breaker.value,
        "faults_count": flow.faults_count,
        "opened_at": flow.opened_at,
        "openings_count": flow.openings_count,
        "width_count": flow.width_count,
        "tokens": flow.tokens,
        "tokens_at": flow.tokens_at,
        "minute_at": minute.at,
        "minute_count": minute.count,
        "minute_before_count": minute.before_count,
        **change,
    }
