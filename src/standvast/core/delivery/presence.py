"""That a courier is there: a number of its own, locked in the database as long as it lives.

Leases carry the number. When a courier is killed its session ends, the lock with it, and whoever
looks next gives back what it held; nobody waits for leases to expire.
"""

import asyncio
import logging
import random
from collections.abc import Mapping
from typing import Any, Protocol

import psycopg
from psycopg import sql

from standvast.database.api import async_connect

log = logging.getLogger(__name__)

CHANNEL = "delivery"
LOCK_CLASS = 1_936_487_281
"""First key of the advisory lock; the second is the courier's number."""
NUMBER_MAX = 2**31 - 1
RECONNECT_S = 0.5
CHECK_EVERY_S = 5.0
CHECK_S_MAX = 3.0


class Hearer(Protocol):
    """Who must know, per lane."""

    def wake(self) -> None:
        """Look now: something was handed in, or the courier has a number."""

    def lose(self) -> None:
        """Drop what is under way: the leases are no longer ours."""


class Presence:
    """One session for a courier's life, which holds its number and hears its wakes.

    `number` is None while there is none: then nothing may be leased. A session that is lost
    takes its number with it for good; the next has a new one.
    """

    def __init__(self) -> None:
        self.number: int | None = None

    async def run(self, hearers: Mapping[str, Hearer]) -> None:
        """Be there until cancelled; `hearers` by the name of their lane."""
        while True:
            try:
                conn = await async_connect(name="standvast wakes")
                try:
                    await self._stay(conn, hearers)
                finally:
                    self._leave(hearers)
                    await conn.close()
            except (psycopg.Error, OSError) as error:
                log.warning("delivery.no_presence kind=%s", type(error).__name__)
                await asyncio.sleep(RECONNECT_S)

    async def _stay(
        self, conn: psycopg.AsyncConnection[tuple[Any, ...]], hearers: Mapping[str, Hearer]
    ) -> None:
        await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        self.number = await taken_number(conn)
        for hearer in hearers.values():
            hearer.wake()
        while True:
            async for note in conn.notifies(timeout=CHECK_EVERY_S):
                if hearer_of_lane := hearers.get(note.payload):
                    hearer_of_lane.wake()
            # A server that is gone without a word does not close the connection.
            async with asyncio.timeout(CHECK_S_MAX):
                await conn.execute("SELECT 1")

    def _leave(self, hearers: Mapping[str, Hearer]) -> None:
        if self.number is not None:
            self.number = None
            for hearer in hearers.values():
                hearer.lose()


async def taken_number(conn: psycopg.AsyncConnection[tuple[Any, ...]]) -> int:
    """Lock a number that nobody has, until this session ends."""
    while True:
        number = random.randint(1, NUMBER_MAX)  # noqa: S311 - not a secret
        cursor = await conn.execute(
            "SELECT pg_try_advisory_lock(%s::integer, %s::integer)", [LOCK_CLASS, number]
        )
        if await cursor.fetchone() == (True,):
            return number
