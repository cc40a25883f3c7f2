"""Keeps the memory of a serve process within a second of the tables, reading only what changed."""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from standvast.core.lobby.memory import LobbyRow, Memory, PlaceRow
from standvast.database.api import async_connect, named_sql

PACKAGE = "standvast.core.lobby"
EVERY_S = 1.0
WAKE_GAP_S = 0.2
CHUNK_ROWS = 5_000
STALE_S_MAX = 10.0

log = logging.getLogger(__name__)


class Refresher:
    """One connection and one task; a wake makes it look sooner, at most five times a second."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._since = 0
        self._known: frozenset[Any] = frozenset()
        self._woken = asyncio.Event()
        self._renewed = asyncio.Event()
        self._clock: tuple[datetime, float] | None = None
        self.refreshes_count = 0
        self.rows_count = 0

    def wake(self, _payload: str = "") -> None:
        """Look now; something changed."""
        self._woken.set()

    def now(self) -> datetime:
        """Return the database's time, as this process knows it since its last look."""
        if self._clock is None:
            return datetime.now(UTC)
        at, mono_s = self._clock
        return at + timedelta(seconds=time.monotonic() - mono_s)

    def stale_s(self) -> float:
        """Return how old the memory is."""
        return time.monotonic() - self._clock[1] if self._clock else float("inf")

    async def renewed(self) -> None:
        """Wait for the next refresh."""
        await self._renewed.wait()

    async def run(self) -> None:
        """Refresh until cancelled; while the database is away, answers come from memory."""
        conn: psycopg.AsyncConnection[Any] | None = None
        while True:
            try:
                if conn is None or conn.closed:
                    conn = await async_connect(name="standvast lobby memory")
                await self.refresh(conn)
            except (psycopg.Error, OSError) as error:
                log.warning("lobby.refresh_failed kind=%s", type(error).__name__)
                if conn is not None:
                    await conn.close()
            except asyncio.CancelledError:
                if conn is not None:
                    await conn.close()
                raise
            self._woken.clear()
            await asyncio.sleep(WAKE_GAP_S)
            try:
                await asyncio.wait_for(self._woken.wait(), EVERY_S - WAKE_GAP_S)
            except TimeoutError:
                continue

    async def refresh(self, conn: psycopg.AsyncConnection[Any]) -> None:
        """Read what changed, in one snapshot, and take it over at once."""
        async with conn.transaction():
            await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor = await conn.execute(
                "SELECT clock_timestamp(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            )
            row = await cursor.fetchone()
            assert row is not None
            at, upcoming = row[0], row[1]
            clock = (at, time.monotonic())
            cursor = await conn.execute(named_sql(PACKAGE, "lobbies"))
            lobbies = [LobbyRow(*found) for found in await cursor.fetchall()]
            known = frozenset(lobby.id for lobby in lobbies)
            since = self._since if known <= self._known else 0
            changed = await self._changed(conn, list(known), since)
        self._memory.renew(lobbies, changed)
        self._since, self._known, self._clock = upcoming, known, clock
        self.refreshes_count += 1
        self.rows_count += len(changed)
        renewed, self._renewed = self._renewed, asyncio.Event()
        renewed.set()

    async def _changed(
        self, conn: psycopg.AsyncConnection[Any], lobby_ids: list[Any], since: int
    ) -> list[PlaceRow]:
        if not lobby_ids:
            return []
        changed: list[PlaceRow] = []
        async with conn.cursor(name="lobby_changed", binary=True) as cursor:
            await cursor.execute(
                named_sql(PACKAGE, "changed"), {"lobby_ids": lobby_ids, "since": since}
            )
            while rows := await cursor.fetchmany(CHUNK_ROWS):
                changed.extend(PlaceRow(*row) for row in rows)
                await asyncio.sleep(0)  # statuses are answered between chunks
        return changed
