"""The edge's asynchronous pool: at most eight connections per serve process."""

from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from standvast.database.connect import conninfo

EDGE_CONNECTIONS_MAX = 8
WAIT_S_MAX = 3.0

Pool = AsyncConnectionPool[psycopg.AsyncConnection[tuple[Any, ...]]]
_pool: Pool | None = None


async def open_edge_pool() -> Pool:
    """Open the pool of this serve process; once, before the first request."""
    global _pool  # noqa: PLW0603 - one pool per process is the bound
    assert _pool is None, "the edge has one pool"
    _pool = AsyncConnectionPool(
        conninfo(),
        min_size=1,
        max_size=EDGE_CONNECTIONS_MAX,
        timeout=WAIT_S_MAX,
        open=False,
        name="edge",
        kwargs={
            "autocommit": True,
            "application_name": "standvast edge",
            "options": "-c timezone=UTC -c statement_timeout=5s",
        },
    )
    await _pool.open(wait=False)
    return _pool


async def close_edge_pool() -> None:
    """Close the pool; requests under way have ended by then."""
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        await pool.close(timeout=2.0)


def edge_pool() -> Pool:
    """Return the pool of this serve process. Connections are in autocommit, times in UTC."""
    assert _pool is not None, "only inside a serve process"
    return _pool
