"""The courier: drains every wired lane until it is asked to stop. Any number may run anywhere.

Lease (short transaction), attempt (no transaction), settle (short transaction, fenced). A wake
from the database starts a turn at once; polling guarantees one within a second or so.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from standvast.core.delivery.lanes import LANES, Lane, check_lease
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.presence import Presence
from standvast.core.delivery.settling import Answer, Connection
from standvast.core.delivery.turns import (
    BUSY_COUNT,
    BUSY_S,
    HANDED_BACK,
    Turn,
    make_flow,
    turn,
)
from standvast.core.delivery.values import Accepted, Destination, Lease, Outcome, TryLater
from standvast.database.api import conninfo, named_sql
from standvast.kit.wiring import wired

log = logging.getLogger(__name__)

CONNECTIONS_MAX = 4
BATCH_MAX = 250
POLL_S = 1.0
AWAKE_POLL_S = 0.05
EXPIRED_EVERY_S = 0.8
"""At each idle poll: what a dead courier held is free again within two seconds."""
RECONNECT_S = 0.5
STOP_S_MAX = 8.0
SETTLE_S_MAX = 2.0
"""Kept of the stopping time for recording what is known."""
CONNECTION_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=10s -c lock_timeout=5s "
    # Few rows by index, whatever the statistics of a table that fills and empties say.
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off "
    # A plan made while a lane was empty is not kept for when it is full.
    "-c plan_cache_mode=force_custom_plan"
)

Pool = AsyncConnectionPool[Connection]


def courier_pool() -> Pool:
    """Return the pool of one courier, not yet open. At most four connections."""
    return AsyncConnectionPool(
        conninfo(),
        min_size=1,
        max_size=CONNECTIONS_MAX,
        timeout=5.0,
        open=False,
        name="courier",
        kwargs={
            "autocommit": True,
            "application_name": "standvast courier",
            "connect_timeout": 5,
            "options": CONNECTION_OPTIONS,
        },
    )


@dataclass(slots=True)
class CourierFigures:
    """What a courier has done since it started."""

    attempts_count: int = 0
    settled_count: int = 0
    lost_count: int = 0
    turns_count: int = 0


async def run_courier(stop: asyncio.Event, *, lanes: Sequence[Lane] | None = None) -> None:
    """Drain the wired lanes until `stop` is set, then end within 8 s.

    After `stop` nothing more is leased; what is under way is finished, or handed back.

    :raises LaneMisshapen: at once, if a lease is not longer than twice its time-out.
    """
    presence = Presence()
    drainers = [Drainer(lane, lane.destination(), presence) for lane in lanes or wired(LANES)]
    by_name = {drainer.lane.name: drainer for drainer in drainers}
    async with courier_pool() as pool:
        listening = asyncio.create_task(presence.run(by_name), name="courier presence")
        try:
            await asyncio.gather(*(drainer.run(pool, stop) for drainer in drainers))
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening


class Drainer:
    """Drains one lane in one courier."""

    def __init__(self, lane: Lane, destination: Destination, presence: Presence) -> None:
        check_lease(lane, destination)
        self.lane = lane
        self.figures = CourierFigures()
        self._destination = destination
        self._presence = presence
        self._awake = asyncio.Event()
        self._answers: list[Answer] = []
        self._under_way: dict[asyncio.Task[None], Lease] = {}
        self._expired_looked_at = float("-inf")
        self._awake_until = 0.0
        self._is_told = False

    def wake(self) -> None:
        """Make the next turn start now: something was handed in."""
        self._is_told = True
        self._awake.set()

    def lose(self) -> None:
        """Drop what is under way: whoever looks next gives our leases back."""
        for task in self._under_way:
            task.cancel()

    async def run(self, pool: Pool, stop: asyncio.Event) -> None:
        """Take turns until `stop` is set, then finish or hand back what is under way."""
        stopping = asyncio.create_task(self._wake_at(stop))
        try:
            await self._prepare(pool, stop)
            wait_s = 0.0
            while not stop.is_set():
                await self._sleep(wait_s)
                if not stop.is_set():
                    wait_s = await self._round(pool)
            await self._finish(pool)
        finally:
            stopping.cancel()
            for task in self._under_way:
                task.cancel()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._awake.set()

    async def _sleep(self, wait_s: float) -> None:
        if wait_s > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._awake.wait()
        self._awake.clear()

    async def _prepare(self, pool: Pool, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with pool.connection() as conn:
                    await make_flow(conn, self.lane)
                    return
            except (psycopg.Error, PoolTimeout, OSError) as error:
                self._cannot(error)
                await self._sleep(RECONNECT_S)

    async def _round(self, pool: Pool) -> float:
        """Take one turn and start what it leased; return how long to sleep unless woken."""
        answers, self._answers = self._answers, []
        free_count = self.lane.concurrency_max - len(self._under_way)
        loop = asyncio.get_running_loop()
        looks = loop.time() - self._expired_looked_at >= EXPIRED_EVERY_S
        is_told, self._is_told = self._is_told, False
        number = self._presence.number
        try:
            async with pool.connection() as conn:
                if not (answers or looks or is_told or await self._is_due(conn)):
                    return self._idle_s()
                result = await turn(
                    conn,
                    self.lane,
                    answers,
                    want_count=max(0, min(free_count, BATCH_MAX)) if number else 0,
                    look_for_expired=looks,
                    courier=number,
                )
                if looks:
                    self._expired_looked_at = loop.time()
                    await conn.execute(
                        named_sql(PACKAGE, "count_depth"),
                        {"lane": self.lane.name, "now": result.now},
                    )
        except (psycopg.Error, PoolTimeout, OSError) as error:
            self._answers = answers + self._answers
            self._cannot(error)
            return RECONNECT_S
        if number != self._presence.number:  # lost meanwhile, and the leases with it
            self._answers += [_handed_back(lease) for lease in result.leases]
            result.leases.clear()
        return self._begin(answers, result, free_count)

    def _begin(self, answers: Sequence[Answer], result: Turn, free_count: int) -> float:
        self.figures.turns_count += 1
        self.figures.settled_count += len(result.believed_ids)
        self.figures.lost_count += len(answers) - sum(
            answer.lease.delivery_id in result.believed_ids for answer in answers
        )
        self._answers += result.unopened
        for lease in result.leases:
            task = asyncio.create_task(self._attempt(lease))
            self._under_way[task] = lease
            task.add_done_callback(self._ended)
        if len(result.leases) >= BUSY_COUNT:  # the turn has promised that no wake is needed
            self._awake_until = asyncio.get_running_loop().time() + 2 * BUSY_S
        if self._answers or (result.found_count and len(result.leases) < free_count):
            return 0.0
        if result.again_in_s is not None and free_count:
            return min(self._idle_s(), max(0.005, result.again_in_s))
        return self._idle_s()

    def _idle_s(self) -> float:
        if asyncio.get_running_loop().time() < self._awake_until:
            return AWAKE_POLL_S
        return POLL_S * random.uniform(0.8, 1.2)  # noqa: S311 - so that couriers do not march

    async def _is_due(self, conn: Connection) -> bool:
        """Whether a turn could lease anything: a cheap look that locks nothing."""
        cursor = await conn.execute(named_sql(PACKAGE, "is_due"), {"lane": self.lane.name})
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def _attempt(self, lease: Lease) -> None:
        outcome = await self._offered(lease)
        if isinstance(outcome, Accepted) and outcome.is_settled:
            self.figures.settled_count += 1
            return
        self._answers.append(Answer(lease, outcome))  # the list of now, not of before the wait

    async def _offered(self, lease: Lease) -> Outcome:
        self.figures.attempts_count += 1
        try:
            async with asyncio.timeout(self._destination.timeout_s):
                return await self._destination.attempt(lease)
        except TimeoutError:
            return TryLater("delivery.timed_out")
        except Exception:
            log.exception("delivery.destination_broke lane=%s", self.lane.name)
            return TryLater("delivery.destination_broke")

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self._awake.set()

    async def _finish(self, pool: Pool) -> None:
        """Finish what is under way, or hand it back, and record what is known."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=STOP_S_MAX - SETTLE_S_MAX)
        for task, lease in list(self._under_way.items()):
            task.cancel()
            self._answers.append(_handed_back(lease))
        answers, self._answers = self._answers, []
        if not answers:
            return
        try:
            async with asyncio.timeout(SETTLE_S_MAX), pool.connection() as conn:
                await turn(conn, self.lane, answers, want_count=0)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            self._cannot(error)  # their leases expire, and the next courier goes on

    def _cannot(self, error: Exception) -> None:
        log.warning("delivery.no_database lane=%s kind=%s", self.lane.name, type(error).__name__)


def _handed_back(lease: Lease) -> Answer:
    return Answer(lease, TryLater(HANDED_BACK), is_ours=True)
