"""Part (d): deliveries handed in and drained per second, alone, beside pgqueuer, and in a crowd.

Everything runs in this process against the database of the bench; the peer answers at once.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import psycopg
import uvloop

from standvast.core.delivery.api import (
    Accepted,
    Lane,
    Lease,
    Message,
    Outcome,
    enqueue_set,
    run_courier,
)
from standvast.core.delivery.testing import COURIER_OPTIONS, drained
from standvast.database.api import async_connect, conninfo, database_now
from standvast.kit.ids import uuid7

Add = Callable[[str, float | None, str, str], None]
Connection = psycopg.AsyncConnection[tuple[Any, ...]]

LANE = "bench"
SET_COUNT = 1_000
DRAIN_COUNT = 10_000
IDLE_SAMPLES = 150
SMALL_COUNT, LARGE_COUNT = 10_000, 1_000_000
ROUNDS = 9
ROUND_COUNT = 1_000
TABLES = ("delivery_delivery", "delivery_laneflow")


class AtOnce:
    """A peer that answers at once; counts, and tells when enough came."""

    timeout_s = 5.0

    def __init__(self, wanted_count: int) -> None:
        self._left_count = wanted_count
        self.all_came = asyncio.Event()
        self.came = asyncio.Event()
        self.came_at = 0.0

    async def attempt(self, lease: Lease) -> Outcome:
        """Take it."""
        self.came_at = time.perf_counter()
        self.came.set()
        self._left_count -= 1
        if self._left_count == 0:
            self.all_came.set()
        return Accepted("taken")


def bench_lane(peer: AtOnce, name: str = LANE) -> Lane:
    """Return a lane that bounds nothing but itself."""
    return Lane(
        name=name,
        destination=lambda: peer,
        title=name,
        rate_per_s=1_000_000.0,
        burst_count=1_000_000,
        concurrency_max=1_000,
    )


def messages(count: int) -> list[Message]:
    """Return messages as an order makes them: two ids each, every one on its own subject."""
    return [
        Message(LANE, str(uuid7()), str(uuid7()), {"order_id": str(uuid7()), "version": 1})
        for _ in range(count)
    ]


def measure(database_url: str, *, add: Add, seconds: float) -> None:
    """Measure all of part (d) and add its lines. `seconds` below 5 shrinks the large backlog."""
    started_at = database_now()

    async def all_parts() -> None:
        conn = await async_connect(name="standvast bench")
        async with conn:
            await _emptied(conn)
            add("d_enqueue_one", await enqueue_one_by_one(conn, started_at, seconds=seconds / 2),
                "deliveries/s handed in one by one", "> 0")  # fmt: skip
            add("d_enqueue_set", await enqueue_in_sets(conn, started_at, seconds=seconds / 2),
                f"deliveries/s handed in by {SET_COUNT}", "> 0")  # fmt: skip
            ours, theirs = await drain_beside_pgqueuer(conn, started_at)
            add("d_drain", ours, "deliveries/s drained by one courier", "> 0")
            if theirs is not None:
                add("d_drain_pgqueuer", theirs, "jobs/s drained by pgqueuer", "> 0")
                add("d_drain_ratio", ours / theirs, "ours / pgqueuer", ">= 1")
            p50_ms, p99_ms = await idle_latency_ms(conn, started_at)
            add("d_idle_p50", p50_ms, "ms from handing in to attempt, idle", "<= 6")
            add("d_idle_p99", p99_ms, "ms", "> 0")
            await _emptied(conn)
        large_count = min(LARGE_COUNT, round(LARGE_COUNT * seconds / 5))
        await _add_backlog(add, started_at, large_count)

    uvloop.run(all_parts())


async def _add_backlog(add: Add, now: Any, large_count: int) -> None:
    enqueue_ratio, drain_ratio, large_per_s = await backlog_ratios(now, large_count=large_count)
    unit = f"cost at {large_count:,} waiting / at {SMALL_COUNT:,}"
    add("d_backlog_enqueue_ratio", enqueue_ratio, f"enqueue {unit}", "<= 1.3")
    add("d_backlog_drain_ratio", drain_ratio, f"drain {unit}", "<= 1.3")
    add("d_backlog_drain", large_per_s, f"deliveries/s drained at {large_count:,} waiting", "> 0")


async def enqueue_one_by_one(conn: Connection, now: Any, *, seconds: float) -> float:
    """Return deliveries handed in per second, each in its own durable transaction."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        async with conn.transaction():
            await enqueue_set(conn, messages(1), now=now)
        count += 1
    return count / (time.perf_counter() - started)


async def enqueue_in_sets(conn: Connection, now: Any, *, seconds: float) -> float:
    """Return deliveries handed in per second, by sets of 1,000."""
    count, passed_s = 0, 0.0
    while passed_s < seconds:
        batch = messages(SET_COUNT)
        passed_s += await _timed(_put(conn, batch, now))
        count += len(batch)
    return count / passed_s


async def drain_beside_pgqueuer(conn: Connection, now: Any) -> tuple[float, float | None]:
    """Return the best of three drains each, taken in turn; None if pgqueuer is not installed."""
    ours, theirs = [], []
    for _ in range(3):
        ours.append(await drain_rate(conn, now))
        if find_spec("pgqueuer"):
            from standvast.drills.benches.rivals import pgqueuer_drain_rate

            theirs.append(await pgqueuer_drain_rate(DRAIN_COUNT))
    return max(ours), max(theirs, default=None)


async def drain_rate(conn: Connection, now: Any) -> float:
    """Return deliveries drained per second by one courier, 10,000 waiting when it starts."""
    await _emptied(conn)
    for _ in range(DRAIN_COUNT // SET_COUNT):
        await _put(conn, messages(SET_COUNT), now)
    peer = AtOnce(DRAIN_COUNT)
    started = time.perf_counter()
    async with _courier(bench_lane(peer)):
        await peer.all_came.wait()
        passed_s = time.perf_counter() - started
    return DRAIN_COUNT / passed_s


async def idle_latency_ms(conn: Connection, now: Any) -> tuple[float, float]:
    """Return p50 and p99 of the time from before the transaction to the attempt, when idle."""
    await _emptied(conn)
    peer = AtOnce(10**9)
    took_ms = []
    async with _courier(bench_lane(peer)):
        await asyncio.sleep(0.5)
        for _ in range(IDLE_SAMPLES):
            peer.came.clear()
            started = time.perf_counter()
            await _put(conn, messages(1), now)
            await peer.came.wait()
            took_ms.append((peer.came_at - started) * 1_000)
            await asyncio.sleep(0.02)
    cuts = statistics.quantiles(took_ms, n=100)
    return cuts[49], cuts[98]


async def backlog_ratios(now: Any, *, large_count: int) -> tuple[float, float, float]:
    """Return the cost of enqueue and of drain in a crowd by that of few, and the crowd's rate.

    Two copies of the tables, measured in turn, so that what else the machine does hits both.
    """
    peer = AtOnce(10**12)
    lane = bench_lane(peer)
    async with (
        _crowd("bench_few", SMALL_COUNT, now) as few,
        _crowd("bench_many", large_count, now) as many,
    ):
        enqueue_s: dict[bool, list[float]] = {True: [], False: []}
        drain_s: dict[bool, list[float]] = {True: [], False: []}
        for round_number in range(ROUNDS + 1):
            for is_many in (round_number % 2 == 0, round_number % 2 == 1):
                conn = many if is_many else few
                batch = messages(ROUND_COUNT)
                put_s = await _timed(_put(conn, batch, now))
                took_s = await _timed(_drained_all(conn, lane))
                if round_number:  # the first warms caches and plans
                    enqueue_s[is_many].append(put_s)
                    drain_s[is_many].append(took_s)
        middle = statistics.median
        return (
            middle(enqueue_s[True]) / middle(enqueue_s[False]),
            middle(drain_s[True]) / middle(drain_s[False]),
            ROUND_COUNT / middle(drain_s[True]),
        )


async def _drained_all(conn: Connection, lane: Lane) -> None:
    done = await drained(conn, lane, ROUND_COUNT)
    assert done == ROUND_COUNT, f"only {done} were there"


@asynccontextmanager
async def _crowd(schema: str, count: int, now: Any) -> Any:
    """Give a connection to tables of its own, in which so many deliveries wait."""
    options = f"-c timezone=UTC -c search_path={schema} {COURIER_OPTIONS}"
    conn: Connection = await psycopg.AsyncConnection.connect(
        conninfo(), autocommit=True, options=options
    )
    try:
        await conn.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
        for table in TABLES:
            await _copy_shape(conn, schema, table)
        for start in range(0, count, SET_COUNT):
            await _put(conn, messages(min(SET_COUNT, count - start)), now)
        for table in TABLES:
            await conn.execute(f"VACUUM (ANALYZE) {table}")
        yield conn
    finally:
        await conn.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        await conn.close()


async def _copy_shape(conn: Connection, schema: str, table: str) -> None:
    """Make an empty table like one of ours, planned as ours is: LIKE leaves that part out."""
    await conn.execute(f"CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL)")
    cursor = await conn.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attstattarget = 0",
        [f"public.{table}"],
    )
    for (column,) in await cursor.fetchall():
        await conn.execute(f"ALTER TABLE {schema}.{table} ALTER COLUMN {column} SET STATISTICS 0")


@asynccontextmanager
async def _courier(lane: Lane) -> Any:
    stop = asyncio.Event()
    running = asyncio.create_task(run_courier(stop, lanes=[lane]))
    try:
        yield
    finally:
        stop.set()
        await running


async def _put(conn: Connection, batch: list[Message], now: Any) -> None:
    async with conn.transaction():
        await enqueue_set(conn, batch, now=now)


async def _timed(work: Awaitable[None]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


async def _emptied(conn: Connection) -> None:
    await conn.execute("TRUNCATE delivery_delivery, delivery_laneflow")
