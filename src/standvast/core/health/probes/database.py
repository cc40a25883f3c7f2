"""The database: does it answer, has it room, does it carry what is asked (report 002)."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg

from standvast.core.health.declared import Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import Watchglass, green, red, unknown
from standvast.database.api import async_connect, named_sql
from standvast.kit.words import marked

KIND = "database"
PACKAGE = "standvast.core.health"
ASKED_PER_S_MIN = 5.0
GONE = marked("The database does not answer ({reason}).")
SLOW = marked("The database needs {ms} ms to answer; {bound} ms is the bound.")
FULL = marked("{used} of {room} database connections are in use.")
STUCK = marked("{stuck} sessions wait for a lock; the oldest transaction is {oldest} seconds old.")
BEHIND = marked("The other database is {megabytes} MB behind; {bound} MB is the bound.")
UNCARRIED = marked("{asked} transactions a second are asked, {carried} are carried.")


@dataclass(frozen=True)
class Bounds:
    """Past these the database is red. Our choice; a setting of the installation."""

    answer_ms: int = 500
    connections_share: float = 0.85
    stuck_count: int = 20
    oldest_s: float = 120.0
    lag_bytes: float = 256 * 2**20
    carried_share: float = 0.9


@dataclass(frozen=True)
class Now:
    """The server's own figures at one moment."""

    used: int
    room: int
    stuck: int
    oldest_s: float
    lag_bytes: float
    commits: int


def database_probes(
    target: str = "database", *, bounds: Bounds | None = None, interval_s: float = 10.0
) -> tuple[Probe, ...]:
    """Return the five looks at the database: the answer, connections, locks, lag, carried.

    Each opens a connection of its own: being able to is part of what is looked at.
    """
    bound = bounds or Bounds()
    judges: dict[str, Callable[[Now], Observation]] = {
        "connections": lambda now: _connections(now, bound),
        "locks": lambda now: _locks(now, bound),
        "replication": lambda now: _replication(now, bound),
    }
    answer = Probe(
        "database.answer",
        target,
        lambda context: _answer(context, bound),
        kind=KIND,
        interval_s=interval_s,
        deadline_s=4.0,
        without_database=True,
    )
    carried = Probe(
        "database.transactions",
        target,
        Carried(bound),
        variant="transactions",
        kind=KIND,
        interval_s=interval_s,
    )
    others = [
        Probe(f"database.{v}", target, _judging(judge), variant=v, kind=KIND, interval_s=interval_s)
        for v, judge in judges.items()
    ]
    return (answer, *others, carried)


async def _answer(context: ProbeContext, bound: Bounds) -> Observation:
    del context
    glass = Watchglass()
    try:
        conn = await async_connect(name="standvast probe")
        try:
            await conn.execute("SELECT 1")
        finally:
            await conn.close()
    except (psycopg.Error, OSError) as error:
        reason = type(error).__name__
        return red("health.database_gone", GONE, duration_ms=glass.ms, reason=reason)
    ms = glass.ms
    if ms > bound.answer_ms:
        return red(
            "health.database_slow",
            SLOW,
            duration_ms=ms,
            value=ms / 1000,
            ms=ms,
            bound=bound.answer_ms,
        )
    return green(ms, value=ms / 1000)


def _judging(
    judge: Callable[[Now], Observation],
) -> Callable[[ProbeContext], Awaitable[Observation]]:
    async def run(context: ProbeContext) -> Observation:
        del context
        conn = await async_connect(name="standvast probe")
        try:
            cursor = await conn.execute(named_sql(PACKAGE, "database_now"))
            row = await cursor.fetchone()
        finally:
            await conn.close()
        assert row is not None
        return judge(Now(*row))

    return run


def _connections(now: Now, bound: Bounds) -> Observation:
    share = now.used / max(1, now.room)
    if share > bound.connections_share:
        code = "health.database_connections"
        return red(code, FULL, value=share, used=now.used, room=now.room)
    return green(value=share)


def _locks(now: Now, bound: Bounds) -> Observation:
    if now.stuck > bound.stuck_count or now.oldest_s > bound.oldest_s:
        return red(
            "health.database_locks",
            STUCK,
            value=float(now.stuck),
            stuck=now.stuck,
            oldest=int(now.oldest_s),
        )
    return green(value=float(now.stuck))


def _replication(now: Now, bound: Bounds) -> Observation:
    if now.lag_bytes > bound.lag_bytes:
        return red(
            "health.database_behind",
            BEHIND,
            value=now.lag_bytes,
            megabytes=int(now.lag_bytes // 2**20),
            bound=int(bound.lag_bytes // 2**20),
        )
    return green(value=now.lag_bytes)


class Carried:
    """Compares what processes asked with what was carried, between two looks."""

    def __init__(self, bound: Bounds) -> None:
        self._bound = bound
        self._before: tuple[float, float, float, str] | None = None

    async def __call__(self, context: ProbeContext) -> Observation:
        """Look once."""
        del context
        conn = await async_connect(name="standvast probe")
        try:
            cursor = await conn.execute(named_sql(PACKAGE, "asked"))
            row = await cursor.fetchone()
        finally:
            await conn.close()
        assert row is not None
        now = (float(row[0]), float(row[1]), time.monotonic(), str(row[2]))
        before, self._before = self._before, now
        if before is None or before[3] != now[3]:
            # a process came or went: its counters began anew, so this look compares nothing
            return unknown("health.first_look") if before is None else green()
        return carried_of(
            asked=now[0] - before[0],
            carried=now[1] - before[1],
            over_s=max(0.1, now[2] - before[2]),
            share_min=self._bound.carried_share,
        )


def carried_of(*, asked: float, carried: float, over_s: float, share_min: float) -> Observation:
    """Judge one span: red when clearly less is carried than is asked."""
    asked_s, carried_s = asked / over_s, carried / over_s
    if asked_s >= ASKED_PER_S_MIN and carried_s < share_min * asked_s:
        return red(
            "health.database_uncarried",
            UNCARRIED,
            value=carried_s / asked_s,
            asked=round(asked_s),
            carried=round(carried_s),
        )
    return green(value=carried_s)
