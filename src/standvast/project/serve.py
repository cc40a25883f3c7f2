"""The `serve` process: the edge in one event loop, Django beside it in threads."""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any

import uvloop

from standvast.core.health.api import pulse_task
from standvast.database.api import Wakes, close_edge_pool, open_edge_pool
from standvast.kit.tasks import end_tasks
from standvast.kit.wiring import wired
from standvast.project.edge import site
from standvast.registry.access.api import figures_of_rules
from standvast.web.http import HttpServer
from standvast.web.live import LIVE, draining
from standvast.web.statics import StaticFiles

log = logging.getLogger(__name__)

DRAIN_S = 4.0
"""Requests under way get this long at a stop; then the process ends whatever hangs on to it."""


def run(*, address: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status."""
    return uvloop.run(_serve(address=address, port=port))


async def _serve(*, address: str, port: int) -> int:
    await open_edge_pool()
    lives = [make() for make in wired(LIVE)]
    wakes = Wakes()
    for live in lives:
        live.hears(wakes)
    app = site([route for live in lives for route in live.routes()], static=StaticFiles())
    server = HttpServer(app, address=address, port=port, shares_port=True)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    background: list[Coroutine[Any, Any, None]] = [
        wakes.run(),
        pulse_task(
            "serve",
            figures=lambda: {
                "asked": app.asked_count,
                "carried": app.carried_count,
                **figures_of_rules(),
            },
        ),
    ]
    background += [task for live in lives for task in live.tasks()]
    tasks = [asyncio.ensure_future(coroutine) for coroutine in background]
    serving = asyncio.ensure_future(server.serve())
    stop_asked = asyncio.ensure_future(stopping.wait())
    _keep_out_of_the_collector()
    await asyncio.wait({serving, stop_asked, *tasks}, return_when=asyncio.FIRST_COMPLETED)

    broken = [task for task in tasks if task.done()]
    for task in broken:
        log.error("serve.task_ended", exc_info=task.exception())
    draining.start()
    server.stop()
    _end_for_certain(1 if broken else 0)
    await asyncio.wait({serving}, timeout=DRAIN_S)
    await end_tasks(tasks)
    await close_edge_pool()
    # What a client still holds open is cut here; its browser reconnects to another process.
    sys.stderr.flush()
    os._exit(1 if broken else 0)


def _keep_out_of_the_collector() -> None:
    """Leave what lives as long as the process out of every later collection, and collect seldom.

    With the defaults a collection walks through all of Django every few hundred requests: a fifth
    of a busy process's time, and pauses that people feel (p99 128 ms against 54 ms, one run).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _end_for_certain(status: int) -> None:
    """End the process after the drain and a little, even if the loop itself hangs."""
    timer = threading.Timer(DRAIN_S + 3.0, os._exit, args=(status,))
    timer.daemon = True
    timer.start()
