"""Peers that lanes are measured against, never built on: only with the `bench` dependencies."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from standvast.database.api import async_connect

CONCURRENCY = 20
BATCH_COUNT = 200


async def pgqueuer_drain_rate(count: int) -> float:
    """Return jobs drained per second by one pgqueuer, doing nothing with each."""
    from pgqueuer import PgQueuer
    from pgqueuer.adapters.persistence.queries import Queries

    rival: Any = await async_connect(name="standvast bench pgqueuer")
    async with rival:
        queue: Any = PgQueuer.from_psycopg_connection(rival)
        queries: Any = Queries(queue.connection)
        if not await queries.schema_is_installed():
            await queries.install()
        done = asyncio.Event()
        left = count

        async def nothing(job: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done.set()

        queue.entrypoint("nothing")(nothing)
        for start in range(0, count, 1_000):
            size = min(1_000, count - start)
            await queries.enqueue(["nothing"] * size, [b"{}"] * size, [0] * size)
        started = time.perf_counter()
        running = asyncio.create_task(
            queue.run(batch_size=BATCH_COUNT, dequeue_timeout=timedelta(seconds=1))
        )
        await done.wait()
        per_s = count / (time.perf_counter() - started)
        queue.shutdown.set()
        await running
        await queries.uninstall()
    return per_s
