"""What is so, asked of the tables themselves and of the mail server, by nobody's own code."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import psycopg

from standvast.database.api import named_sql
from standvast.drills.frame.checker import Sample
from standvast.drills.opening_night.measure import ArrivedMail, StoredDay, StoredOrder

PACKAGE = "standvast.drills.opening_night"
SAMPLE_EVERY_S = 0.1
SAMPLES_MAX = 400_000
MAILS_MAX = 10_000
QUIET_LOOKS = 3
LOOK_EVERY_S = 0.7
_ORDER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


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


async def orders(connection: Connection, season: str) -> list[StoredOrder]:
    """Return every order of the season."""
    cursor = await connection.execute(named_sql(PACKAGE, "orders"), {"season": season})
    return [StoredOrder(*row) for row in await cursor.fetchall()]


async def days(connection: Connection, season: str) -> list[StoredDay]:
    """Return every day of the season."""
    cursor = await connection.execute(named_sql(PACKAGE, "days"), {"season": season})
    return [StoredDay(*row) for row in await cursor.fetchall()]


async def owed_count(connection: Connection) -> int:
    """Return how many confirmations wait or are under way."""
    cursor = await connection.execute(named_sql(PACKAGE, "owed"))
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def until_drained(connection: Connection, *, within_s: float) -> int:
    """Wait until nothing is owed for a while; return what still is at the end."""
    loop = asyncio.get_running_loop()
    deadline, quiet = loop.time() + within_s, 0
    while True:
        left = await owed_count(connection)
        quiet = quiet + 1 if left == 0 else 0
        if quiet >= QUIET_LOOKS or loop.time() >= deadline:
            return left
        await asyncio.sleep(LOOK_EVERY_S)


@dataclass
class Sampler:
    """Looks ten times a second which days are full; bounded."""

    database_url: str
    season: str
    samples: list[Sample] = field(default_factory=list)

    async def run(self) -> None:
        """Look until cancelled, or until there is no room for more."""
        async with asking(self.database_url) as connection:
            while len(self.samples) < SAMPLES_MAX:
                cursor = await connection.execute(
                    named_sql(PACKAGE, "sample"), {"season": self.season}
                )
                for on, is_full, at in await cursor.fetchall():
                    self.samples.append(Sample(on, at, bool(is_full)))
                await asyncio.sleep(SAMPLE_EVERY_S)


async def mails(outside_url: str) -> list[ArrivedMail]:
    """Return every mail that the mail server accepted, oldest first."""
    found: list[ArrivedMail] = []
    before = 0
    async with httpx.AsyncClient(base_url=outside_url, timeout=30.0, trust_env=False) as client:
        while True:
            answer = await client.get(
                "/mail/messages", params={"limit": MAILS_MAX, "before": before}
            )
            answer.raise_for_status()
            rows = answer.json()
            found += [mail for row in rows if (mail := _mail(row)) is not None]
            if len(rows) < MAILS_MAX:
                return found[::-1]
            before = rows[-1]["id"]


def _mail(row: dict[str, Any]) -> ArrivedMail | None:
    """Return a mail about an order; the order stands in its Message-ID."""
    order = _ORDER.search(row["message_id"])
    if order is None:
        return None
    return ArrivedMail(
        thing=order[0],
        message_id=row["message_id"],
        recipient=row["to"][0],
        accepted_at=datetime.fromisoformat(row["accepted_at"]).timestamp(),
    )
