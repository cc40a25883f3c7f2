"""Running sweeps: each in a thread of its own, with a deadline; none stops another."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from standvast.core.health.declared import Observation, Probe, Sweep, Value, Verdict
from standvast.core.health.sweeps import sweep_probe
from standvast.core.health.threads import in_thread
from standvast.core.health.watch.rounds import Look
from standvast.kit.tasks import end_tasks
from standvast.kit.words import marked

FAILED = marked("The sweep {sweep} failed.")
LATE = marked("The sweep {sweep} took longer than {seconds} seconds.")
FIRST_S_MAX = 5.0

log = logging.getLogger(__name__)


class Sweeper:
    """Starts each sweep when it is due."""

    def __init__(self, sweeps: Sequence[Sweep], clock: Callable[[], datetime]) -> None:
        self._sweeps = [(sweep, sweep_probe(sweep)) for sweep in sweeps]
        self._clock = clock
        self._due: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._busy: set[str] = set()
        """Sweeps whose thread has not ended, awaited or not: they are not started again."""
        self._taken: list[Look] = []

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The sweeps as probes."""
        return tuple(probe for _, probe in self._sweeps)

    def start_due(self) -> None:
        """Start what is due and not still running."""
        at = time.monotonic()
        for index, (sweep, probe) in enumerate(self._sweeps):
            due = self._due.setdefault(sweep.name, at + min(FIRST_S_MAX, 0.2 * index))
            if due <= at and sweep.name not in self._running and sweep.name not in self._busy:
                self._due[sweep.name] = at + sweep.every_s
                self._running[sweep.name] = asyncio.create_task(self._sweep(sweep, probe))

    def collect(self) -> list[Look]:
        """Return how sweeps went since the last call."""
        taken, self._taken = self._taken, []
        return taken

    async def stop(self) -> None:
        """Stop waiting for what is under way; its thread ends by itself."""
        tasks = list(self._running.values())
        await end_tasks(tasks)
        self._due.clear()

    async def _sweep(self, sweep: Sweep, probe: Probe) -> None:
        started = time.monotonic()
        try:
            seen = await self._ran(sweep)
            ms = int((time.monotonic() - started) * 1000)
            seen = Observation(seen.verdict, seen.code, ms, None, seen.template, seen.values)
            self._taken.append((probe, seen, self._clock()))
        finally:
            self._running.pop(sweep.name, None)

    async def _ran(self, sweep: Sweep) -> Observation:
        now = self._clock()

        def work() -> None:
            try:
                sweep.run(now)
            finally:
                self._busy.discard(sweep.name)

        self._busy.add(sweep.name)
        try:
            async with asyncio.timeout(sweep.deadline_s):
                await in_thread(
                    work,
                    name=f"sweep {sweep.name}",
                    statement_s_max=sweep.deadline_s,
                )
        except TimeoutError:
            log.error("health.sweep_late sweep=%s", sweep.name)
            values: dict[str, Value] = {"sweep": sweep.name, "seconds": int(sweep.deadline_s)}
            return Observation(Verdict.RED, "health.sweep_late", 0, None, LATE, values)
        except Exception:
            log.exception("health.sweep_failed sweep=%s", sweep.name)
            told: dict[str, Value] = {"sweep": sweep.name}
            return Observation(Verdict.RED, "health.sweep_failed", 0, None, FAILED, told)
        return Observation(Verdict.GREEN)
