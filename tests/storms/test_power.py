"""The database dies in the very moment after people were answered: nothing answered is lost.

A batch is committed before it is on disk, so that whoever comes next waits for no disk; its people
are told after. Here every process of the server is killed as soon as they were.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import psycopg
import pytest

from standvast.core.groupcommit.api import GroupCommit
from standvast.project.embedded import EmbeddedServer

pytestmark = [pytest.mark.storm, pytest.mark.timeout(120)]

DEATHS = 3
ITEMS = 40


@pytest.fixture
def server(tmp_path) -> Iterator[EmbeddedServer]:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    found = EmbeddedServer(tmp_path / "pg")
    found.start()
    found.make_database("standvast")
    with psycopg.connect(found.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (item text PRIMARY KEY)")
    yield found
    found.stop()
    found.discard()


def leave_the_disk_to_whoever_asks(server: EmbeddedServer) -> None:
    """Nobody writes the log by the way, as the server's own writer does five times a second."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")


def die(server: EmbeddedServer) -> None:
    assert server.pid is not None
    children = subprocess.run(
        ["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True
    )
    for pid in (server.pid, *map(int, children.stdout.split())):
        with contextlib.suppress(ProcessLookupError):  # its children end by themselves as well
            os.kill(pid, signal.SIGKILL)
    server.stop()


async def write(connection: Any, items: Sequence[str], now: datetime) -> list[str]:
    del now
    await connection.execute("INSERT INTO kept SELECT unnest(%s::text[])", [list(items)])
    return list(items)


async def answered_by(server: EmbeddedServer, name: str) -> list[str]:
    """What a group answered; the server dies in the same turn of the loop."""

    async def connect() -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(server.url(), autocommit=True)

    group = GroupCommit(write, name="power", connect=connect)
    task = asyncio.ensure_future(group.run())
    try:
        answers = await asyncio.gather(*(group.submit(f"{name}-{n}") for n in range(ITEMS)))
        die(server)
        return answers
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_what_was_answered_is_there_after_the_database_died(server):
    answered: list[str] = []
    for death in range(DEATHS):
        leave_the_disk_to_whoever_asks(server)
        answered += asyncio.run(answered_by(server, f"death-{death}"))
        server.start()

    with psycopg.connect(server.url()) as connection:
        kept = {item for (item,) in connection.execute("SELECT item FROM kept").fetchall()}

    assert len(answered) == DEATHS * ITEMS
    assert set(answered) - kept == set()
