"""LISTEN and NOTIFY: a wake tells someone to look now instead of at the next poll.

A wake may be lost with its connection. Whoever relies on one also polls.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from standvast.database.connect import async_connect

RECONNECT_S = 1.0


def wake(channel: str, payload: str = "") -> None:
    """Wake the listeners of a channel when the caller's transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


class Wakes:
    """One listening connection for a process, outside the pools; reconnects by itself."""

    def __init__(self) -> None:
        self._hearers: dict[str, list[Callable[[str], None]]] = defaultdict(list)

    def on(self, channel: str, hearer: Callable[[str], None]) -> None:
        """Call `hearer(payload)` in the loop's thread at each wake. Before `run`."""
        self._hearers[channel].append(hearer)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                async with self._listening() as conn:
                    async for note in conn.notifies():
                        for hearer in self._hearers.get(note.channel, ()):
                            hearer(note.payload)
            except (psycopg.Error, OSError):
                await asyncio.sleep(RECONNECT_S)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[psycopg.AsyncConnection[tuple[Any, ...]]]:
        conn = await async_connect(name="standvast wakes")
        try:
            for channel in self._hearers:
                await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            yield conn
        finally:
            await conn.close()
