"""What is so, asked of the tables themselves and of the mail server, by nobody's own code."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg

from standvast.database.api import named_sql

PACKAGE = "standvast.drills.release"
LOOK_EVERY_S = 1.0
MAILS_MAX = 1_000

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True)
class Stored:
    """What is there of one patient."""

    is_registered: bool
    coverage: str
    is_claimed: bool

    @property
    def is_checked(self) -> bool:
        """Whether the insurers said something."""
        return self.coverage not in ("", "unknown")


@asynccontextmanager
async def asking(database_url: str) -> AsyncIterator[Connection]:
    """Give a connection of the drill's own."""
    connection = await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, application_name="drill truth", connect_timeout=5
    )
    try:
        yield connection
    finally:
        await connection.close()


async def patients(connection: Connection, ids: Collection[str]) -> Mapping[str, Stored]:
    """Return what is there of each of these."""
    cursor = await connection.execute(
        named_sql(PACKAGE, "patients"), {"ids": [uuid.UUID(one) for one in ids]}
    )
    return {str(row[0]): Stored(*row[1:]) for row in await cursor.fetchall()}


async def until(
    connection: Connection,
    ids: Collection[str],
    holds: Callable[[Stored], bool],
    *,
    within_s: float,
) -> Mapping[str, Stored]:
    """Wait until it holds of everybody; return what is there then, or at the end."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while True:
        found = await patients(connection, ids)
        if all(holds(one) for one in found.values()) or loop.time() >= deadline:
            return found
        await asyncio.sleep(LOOK_EVERY_S)


async def mailed(outside_url: str, addresses: Collection[str], *, within_s: float) -> set[str]:
    """Return which of these addresses had mail, waiting until all had or the time is over."""
    loop = asyncio.get_running_loop()
    deadline, wanted = loop.time() + within_s, set(addresses)
    async with httpx.AsyncClient(base_url=outside_url, timeout=10.0, trust_env=False) as client:
        while True:
            answer = await client.get("/mail/messages", params={"limit": MAILS_MAX})
            answer.raise_for_status()
            had = {to for mail in answer.json() for to in mail["to"]} & wanted
            if had == wanted or loop.time() >= deadline:
                return had
            await asyncio.sleep(LOOK_EVERY_S)
