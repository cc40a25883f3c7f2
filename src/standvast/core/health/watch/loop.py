"""The watch: ticks once a second; leads, stands by, or goes on blind."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings

from standvast.core.health.declared import (
    BLIND_HEARERS,
    COMPONENTS,
    EDGES,
    FLEETS,
    PROBES,
    SWEEPS,
    FindingView,
)
from standvast.core.health.judge import Changes, Judge
from standvast.core.health.operations import hear_findings
from standvast.core.health.rules import check_declared
from standvast.core.health.sweeps import always_probes
from standvast.core.health.threads import in_thread
from standvast.core.health.watch import standby
from standvast.core.health.watch.crew import Crew
from standvast.core.health.watch.pulse import instance_name, pulse_task
from standvast.core.health.watch.rounds import Rounds
from standvast.core.health.watch.spool import Spool
from standvast.core.health.watch.store import (
    Connection,
    Row,
    database_instant,
    finding_row,
    look_row,
    read_open_findings,
    read_stands,
    try_lead,
    write_changes,
    write_looks,
    write_stands,
)
from standvast.core.health.watch.sweeping import Sweeper
from standvast.database.api import async_connect
from standvast.kit.ids import uuid7
from standvast.kit.wiring import wired

TICK_S = 1.0
TURN_S_MAX = 5.0
BLIND_AFTER_S = 3.0
UNSAVED_MAX = 5_000
HEAR_AGAIN_S = 10.0
HEAR_S_MAX = 30.0
BLIND_SAY_S = 10.0
LAST_WRITE_S_MAX = 1.0
TICKS_WITHIN_S = 15.0
GONE = (psycopg.Error, OSError, TimeoutError)

log = logging.getLogger(__name__)


async def run_watch(stop: asyncio.Event) -> None:
    """Watch until `stop` is set; ends within three seconds."""
    for wrong in check_declared(wired(COMPONENTS), wired(EDGES), always_probes()):
        log.error("health.declared_wrong: %s", wrong)
    watch = Watch(Path(settings.VAR) / "watch")
    pulse = asyncio.create_task(pulse_task("watch", figures=watch.figures, instance=watch.instance))
    try:
        while not stop.is_set():
            await watch.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), TICK_S)
    finally:
        pulse.cancel()
        await watch.close()
        await asyncio.gather(pulse, return_exceptions=True)


class Watch:
    """One watch process: what it knows, and whether it leads."""

    def __init__(self, folder: Path) -> None:
        self.instance = instance_name("watch")
        self.leads = False
        self._clock_offset = timedelta()
        self._rounds = Rounds(wired(PROBES), self.now)
        self._sweeper = Sweeper(wired(SWEEPS), self.now)
        self._judge = Judge(
            wired(COMPONENTS), wired(EDGES), (*wired(PROBES), *self._sweeper.probes)
        )
        self._judge.knows_all = not wired(FLEETS)
        self._crew = Crew()
        self._spool = Spool(folder)
        self._conn: Connection | None = None
        self._connecting: asyncio.Task[Connection] | None = None
        self._gone_since: float | None = time.monotonic()
        self._watched_since: datetime | None = None
        self._standby = standby.Standby()
        self._unsaved: list[Row] = []
        self._hearing = Errand("hear")
        self._saying = Errand("blind")
        self._was_blind = False
        self._ticked_at = time.monotonic()

    @property
    def blind(self) -> bool:
        """Whether the database has been gone too long to wait for it."""
        gone = self._gone_since
        return gone is not None and time.monotonic() - gone > BLIND_AFTER_S

    def now(self) -> datetime:
        """Return the database's time as well as we know it."""
        return datetime.now(UTC) + self._clock_offset

    def figures(self) -> dict[str, int | float | bool | str]:
        """Return what the pulse says of this watch."""
        ticks = time.monotonic() - self._ticked_at < TICKS_WITHIN_S
        return {"leads": self.leads and ticks, "blind": self.blind, "open": len(self._judge.open)}

    async def tick(self) -> None:
        """One turn: with the database, or without."""
        self._ticked_at = time.monotonic()
        await self._reach()
        try:
            if self._conn is not None:
                async with asyncio.timeout(TURN_S_MAX):
                    await self._turn(self._conn)
        except GONE as error:
            log.warning("health.watch_lost_database why=%s", type(error).__name__)
            await self._lose()
        except Exception:
            log.exception("health.watch_turn_failed")
            await self._lose()
        if self.blind:
            self._turn_blind()

    async def close(self) -> None:
        """Stop probing, write what is left, let go of the lock."""
        await self._rounds.stop()
        await self._sweeper.stop()
        self._crew.stop()
        self._hearing.stop()
        self._saying.stop()
        if self._connecting is not None:
            self._connecting.cancel()
        if self._conn is not None and self.leads and self._unsaved:
            with contextlib.suppress(*GONE):
                async with asyncio.timeout(LAST_WRITE_S_MAX):
                    await write_looks(self._conn, self._unsaved)
        await self._lose()
        self._spool.close()

    # -- with the database -------------------------------------------------------------------

    async def _reach(self) -> None:
        if self._conn is not None:
            return
        if self._connecting is None:
            self._connecting = asyncio.create_task(async_connect(name=standby.APPLICATION))
        await asyncio.wait({self._connecting}, timeout=TICK_S)
        if not self._connecting.done():
            return
        task, self._connecting = self._connecting, None
        with contextlib.suppress(*GONE):
            self._conn = task.result()

    async def _lose(self) -> None:
        conn, self._conn = self._conn, None
        if self.leads:
            self.leads = False
            await self._sweeper.stop()
        if self._gone_since is None:
            self._gone_since = time.monotonic()
        if conn is not None:
            with contextlib.suppress(*GONE):
                await conn.close()

    async def _turn(self, conn: Connection) -> None:
        now = await database_instant(conn)
        self._clock_offset = now - datetime.now(UTC)
        if not self.leads and await try_lead(conn):
            await self._begin_leading(conn, now)
        if self.leads:
            await self._lead(conn, now)
        else:
            if self._was_blind:
                await self._spool.replay(conn, over_at=now)
            await self._standby.turn(conn, self._judge)
        self._gone_since = None
        self._was_blind = False

    async def _begin_leading(self, conn: Connection, now: datetime) -> None:
        await conn.execute(f"SET statement_timeout = '{int(TURN_S_MAX - 1)}s'")
        count = await self._spool.replay(conn)
        self._judge.load(await read_stands(conn), await read_open_findings(conn))
        self._watched_since = now
        self.leads = True
        self._hearing.due()
        log.warning("health.leads instance=%s replayed=%s", self.instance, count)

    async def _lead(self, conn: Connection, now: datetime) -> None:
        if (crew := self._crew.news()) is not None:
            self._rounds.take_on(crew)
            self._judge.take_on(crew)
        self._rounds.start_due(blind=False)
        self._sweeper.start_due()
        self._take()
        assert self._watched_since is not None
        changes = self._judge.settle(now, watched_since=self._watched_since)
        await self._write(conn, changes)
        if changes:
            self._hearing.due()
        self._hearing.start(lambda: hear_findings(self.now()), again_s=HEAR_AGAIN_S)

    async def _write(self, conn: Connection, changes: Changes) -> None:
        dirty = {
            name: self._judge.stands[name]
            for name in self._judge.dirty
            if name in self._judge.probes
        }
        if not (self._unsaved or dirty or changes):
            return
        async with conn.transaction():
            await write_looks(conn, self._unsaved)
            await write_stands(conn, dirty, self._judge.probes)
            await write_changes(conn, changes)
        self._unsaved.clear()
        self._judge.dirty.clear()

    def _take(self) -> None:
        for probe, seen, at in (*self._rounds.collect(), *self._sweeper.collect()):
            self._judge.take(probe, seen, at)
            self._unsaved.append(look_row(str(uuid7()), probe.name, seen, at))
        del self._unsaved[:-UNSAVED_MAX]

    # -- without the database ----------------------------------------------------------------

    def _turn_blind(self) -> None:
        now = self.now()
        self._rounds.start_due(blind=True)
        self._take()
        if not self._was_blind:
            log.error("health.blind instance=%s", self.instance)
            self._spool_findings(tuple(self._judge.open.values()))
            self._saying.due()
        self._was_blind = True
        changes = self._judge.settle(now, watched_since=now, blind=True)
        rows, self._unsaved = self._unsaved, []
        self._spool.add("look", rows)
        self._spool_findings(changes.opened)
        ends: list[Row] = [
            {"id": str(f.id), "ended_at": f.ended_at.isoformat()}
            for f in changes.ended
            if f.ended_at
        ]
        self._spool.add("end", ends)
        if changes:
            self._saying.due()
        self._saying.start(lambda: self._say_blind(now), again_s=BLIND_SAY_S)

    def _spool_findings(self, findings: tuple[FindingView, ...]) -> None:
        self._spool.add("finding", [finding_row(finding) for finding in findings])

    def _say_blind(self, now: datetime) -> int:
        findings = tuple(self._judge.open.values())
        for hearer in wired(BLIND_HEARERS):
            try:
                hearer(findings, now)
            except Exception:
                log.exception("health.blind_hearer_failed")
        return 1  # said again every ten seconds


class Errand:
    """Something done in a thread, one at a time, now and again; `work` says how much is left."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._due_at: float | None = None

    def due(self) -> None:
        """Do it at the next turn."""
        self._due_at = time.monotonic()

    def start(self, work: Callable[[], int], *, again_s: float) -> None:
        """Start it if it is due and not under way."""
        if self._due_at is None or time.monotonic() < self._due_at:
            return
        if self._task is None or self._task.done():
            self._due_at = None
            self._task = asyncio.create_task(self._do(work, again_s))

    def stop(self) -> None:
        """Stop waiting for it."""
        if self._task is not None:
            self._task.cancel()

    async def _do(self, work: Callable[[], int], again_s: float) -> None:
        left = 1
        try:
            async with asyncio.timeout(HEAR_S_MAX):
                left = await in_thread(work, name=self._name)
        except Exception:
            log.exception("health.errand_failed name=%s", self._name)
        if left and self._due_at is None:
            self._due_at = time.monotonic() + again_s
