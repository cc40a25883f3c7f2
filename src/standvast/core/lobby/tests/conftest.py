"""Both sides of the lobby in one test: Django's for building, psycopg's for sets."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection

from standvast.core.lobby.sets import Connection
from standvast.database.api import async_connect

START = datetime(2030, 6, 1, tzinfo=UTC)
"""In the future: a serve remembers no lobby that closed more than an hour ago."""
BEFORE = START - timedelta(minutes=5)
AFTER = START + timedelta(seconds=2)
T = TypeVar("T")


@pytest.fixture
def on_a_connection(transactional_db) -> Callable[..., Any]:
    """Run `work(conn, *args)` in a transaction of its own connection and return its answer."""

    def run(work: Callable[..., Awaitable[T]], *args: Any) -> T:
        async def inside() -> T:
            conn: Connection = await async_connect()
            try:
                async with conn.transaction():
                    return await work(conn, *args)
            finally:
                await conn.close()

        return asyncio.run(inside())

    return run


def tampered(text: str, values: Sequence[object] = ()) -> None:
    """Write to the tables past every operation."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
