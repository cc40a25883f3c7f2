"""The processes without pages: courier, watch, outside. Each runs until SIGTERM or SIGINT."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from standvast.kit.tasks import end_tasks

log = logging.getLogger(__name__)

Work = Callable[[asyncio.Event], Awaitable[None]]


def run_courier() -> int:
    """Drain lanes until stopped."""
    from standvast.core.delivery.api import run_courier as courier
    from standvast.core.health.api import pulse_task

    return _until_stopped(lambda stop: _beside(courier(stop), pulse_task("courier")))


def run_watch() -> int:
    """Probe and sweep until stopped."""
    from standvast.core.health.api import run_watch as watch

    return _until_stopped(watch)


def run_outside(
    *, smtp_port: int, http_port: int, coverage_port: int, folder: Path, where: tuple[str, str]
) -> int:
    """Simulate the world until stopped."""
    from standvast.outside.api import Where
    from standvast.outside.api import run_outside as outside

    return _until_stopped(
        lambda stop: outside(
            stop,
            smtp_port=smtp_port,
            http_port=http_port,
            coverage_port=coverage_port,
            folder=folder,
            where=Where(*where),
        )
    )


def _until_stopped(work: Work) -> int:
    async def main() -> int:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await work(stop)
        if not stop.is_set():
            log.error("process.ended_by_itself")
            return 1
        return 0

    return uvloop.run(main())


async def _beside(main: Awaitable[None], companion: Awaitable[None]) -> None:
    """Run `main` to its end, with a companion that lives no longer."""
    beside = asyncio.ensure_future(companion)
    try:
        await main
    finally:
        await end_tasks([beside])
