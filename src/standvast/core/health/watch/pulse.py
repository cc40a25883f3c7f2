"""The pulse: every process says every two seconds that it lives, and with which figures."""

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from standvast.core.health.faultcount import fault_count
from standvast.database.api import async_connect, named_sql
from standvast.kit.ids import uuid7

PULSE_EVERY_S = 2.0
WRITE_S_MAX = 5.0
LAST_S_MAX = 1.0

Figures = Callable[[], Mapping[str, int | float | bool | str]]
log = logging.getLogger(__name__)


def instance_name(kind: str) -> str:
    """Return a name for this process that no other will have."""
    return f"{kind}-{socket.gethostname()[:32]}-{os.getpid()}-{uuid7().hex[-8:]}"


async def pulse_task(
    kind: str, *, figures: Figures | None = None, instance: str | None = None
) -> None:
    """Write this process's pulse until cancelled; then say that it stopped on purpose.

    Keeps one connection of its own, so that a full pool cannot make a living process look dead.
    `figures` may bring numbers (`asked`, `carried`, what waits): at most twenty are kept.
    """
    name = instance or instance_name(kind)
    counted = fault_count()
    conn: psycopg.AsyncConnection[tuple[Any, ...]] | None = None

    def said() -> str:
        brought = dict(list((figures() if figures else {}).items())[:20])
        return json.dumps({**brought, **counted.figures()})

    try:
        while True:
            try:
                async with asyncio.timeout(WRITE_S_MAX):
                    conn = conn or await async_connect(name=f"standvast pulse {kind}")
                    await _write(conn, name, kind, said(), stopped=False)
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("health.pulse_not_written kind=%s why=%s", kind, type(error).__name__)
                await _close(conn)
                conn = None
            await asyncio.sleep(PULSE_EVERY_S)
    finally:
        if conn is not None:
            with contextlib.suppress(psycopg.Error, OSError, TimeoutError):
                async with asyncio.timeout(LAST_S_MAX):
                    await _write(conn, name, kind, said(), stopped=True)
            await _close(conn)


async def _write(
    conn: psycopg.AsyncConnection[tuple[Any, ...]],
    instance: str,
    kind: str,
    figures: str,
    *,
    stopped: bool,
) -> None:
    await conn.execute(
        named_sql("standvast.core.health", "pulse"),
        {
            "instance": instance,
            "kind": kind,
            "pid": os.getpid(),
            "figures": figures,
            "stopped": stopped,
        },
    )


async def _close(conn: psycopg.AsyncConnection[tuple[Any, ...]] | None) -> None:
    if conn is not None:
        with contextlib.suppress(psycopg.Error, OSError):
            await conn.close()
