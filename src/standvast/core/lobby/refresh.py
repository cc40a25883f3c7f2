"""Keeps the memory of a serve process half a second from the tables, reading only what changed."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from standvast.core.lobby.memory import PLACE, Held, LobbyRow, Memory, unpacked
from standvast.core.lobby.rules import KNOWN_S_MAX
from standvast.database.api import async_connect, named_sql

PACKAGE = "standvast.core.lobby"
EVERY_S = 0.5
WAKE_GAP_S = 0.2
CHUNK_BYTES = 5_000 * PLACE.size
STALE_S_MAX = 10.0

log = logging.getLogger(__name__)


class DatabaseClock:
    """What the database's clock shows, by this process's own: two processes agree to a hair.

    Keeps the sharpest comparison; a new one counts when it is sharper or contradicts it. What is
    kept gets blunter with every look, so that clocks may drift.
    """

    BLUNTER = 1.05

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._spare_s = 0.0

    def note(self, at: datetime, *, asked_s: float, answered_s: float) -> None:
        """Note what the database said, and when it was asked and answered by our clock."""
        spare_s = (answered_s - asked_s) / 2
        offset_s = at.timestamp() - asked_s - spare_s
        self._spare_s *= self.BLUNTER
        if (
            self._offset_s is None
            or spare_s <= self._spare_s
            or abs(offset_s - self._offset_s) > spare_s + self._spare_s
        ):
            self._offset_s, self._spare_s = offset_s, spare_s

    def now(self) -> datetime:
        """Return the database's time; before the first comparison our own."""
        if self._offset_s is None:
            return datetime.now(UTC)
        return datetime.fromtimestamp(time.monotonic() + self._offset_s, UTC)


class Refresher:
    """One connection and one task; a wake makes it look sooner, at most five times a second."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._since = 0
        self._known: frozenset[Any] = frozenset()
        self._woken = asyncio.Event()
        self._renewed = asyncio.Event()
        self._clock = DatabaseClock()
        self._read_s: float | None = None
        self.refreshes_count = 0
        self.rows_count = 0

    def wake(self, _payload: str = "") -> None:
        """Look now; something changed."""
        self._woken.set()

    def now(self) -> datetime:
        """Return the database's time, as this process knows it since its last look."""
        return self._clock.now()

    def stale_s(self) -> float:
        """Return how old the memory is."""
        return time.monotonic() - self._read_s if self._read_s is not None else float("inf")

    def has_read_since(self, at_s: float) -> bool:
        """Return whether what was committed before a monotonic instant was read here."""
        return self._read_s is not None and self._read_s >= at_s

    @property
    def is_known(self) -> bool:
        """Whether all that others show by now was read here."""
        return self.stale_s() <= KNOWN_S_MAX

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
                    self._read_anew()
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

    def _read_anew(self) -> None:
        """Read everything at the next look: a database that died gives some numbers out again."""
        self._since, self._known = 0, frozenset()

    async def refresh(self, conn: psycopg.AsyncConnection[Any]) -> None:
        """Read what changed, in one snapshot, and take it over at once."""
        async with conn.transaction():
            await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            asked_s = time.monotonic()
            cursor = await conn.execute(
                "SELECT clock_timestamp(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            )
            row = await cursor.fetchone()
            assert row is not None
            at, upcoming = row[0], row[1]
            self._clock.note(at, asked_s=asked_s, answered_s=time.monotonic())
            cursor = await conn.execute(named_sql(PACKAGE, "lobbies"))
            lobbies = [LobbyRow(*found) for found in await cursor.fetchall()]
            known = frozenset(lobby.id for lobby in lobbies)
            changed = await self._changed(conn, list(known & self._known), self._since)
            changed |= await self._changed(conn, list(known - self._known), 0)
        self._memory.renew(lobbies, changed)
        self._since, self._known, self._read_s = upcoming, known, asked_s
        self.refreshes_count += 1
        self.rows_count += sum(map(len, changed.values()))
        renewed, self._renewed = self._renewed, asyncio.Event()
        renewed.set()

    async def _changed(
        self, conn: psycopg.AsyncConnection[Any], lobby_ids: list[Any], since: int
    ) -> dict[bytes, dict[bytes, Held]]:
        if not lobby_ids:
            return {}
        changed: dict[bytes, dict[bytes, Held]] = {}
        async with conn.cursor(binary=True) as cursor:
            await cursor.execute(
                named_sql(PACKAGE, "changed"), {"lobby_ids": lobby_ids, "since": since}
            )
            for lobby_id, packed in await cursor.fetchall():
                places = changed[lobby_id.bytes] = {}
                for start in range(0, len(packed), CHUNK_BYTES):
                    places.update(unpacked(packed[start : start + CHUNK_BYTES]))
                    await asyncio.sleep(0)  # statuses are answered between chunks
        return changed
