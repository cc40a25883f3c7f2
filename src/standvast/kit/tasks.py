"""Ending background tasks for certain.

On Python 3.11 `asyncio.wait_for` may swallow a cancellation that meets its result, and libraries
use it (a connection pool waiting for its turn): a task cancelled once may go on for ever.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

AGAIN_S = 0.2
END_S_MAX = 5.0


async def end_tasks(tasks: Iterable["asyncio.Future[Any]"], *, within_s: float = END_S_MAX) -> None:
    """Cancel the tasks, again and again, until all have ended; their errors are not raised.

    After `within_s` seconds those that still run are left to their fate.
    """
    given = list(tasks)
    stop_at = time.monotonic() + within_s
    running = {task for task in given if not task.done()}
    while running and time.monotonic() < stop_at:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=AGAIN_S)
    for task in given:
        if task.done() and not task.cancelled():
            task.exception()  # looked at, so that nobody complains of it at exit
