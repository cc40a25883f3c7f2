"""Running probes on their schedule: jittered, bounded, never two of one at a time."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import psycopg
from django.db.utils import InterfaceError, OperationalError

from standvast.core.health.declared import Observation, Probe, ProbeContext, Verdict
from standvast.kit.tasks import end_tasks
from standvast.kit.words import marked

AT_ONCE_MAX = 32
JITTER = 0.1
FIRST_S_MAX = 5.0
TOO_LATE = marked("No answer within {seconds} seconds.")

Look = tuple[Probe, Observation, datetime]
log = logging.getLogger(__name__)


class Rounds:
    """Starts each probe when it is due; finished looks wait in `taken` for the next tick."""

    def __init__(self, probes: Sequence[Probe], clock: Callable[[], datetime]) -> None:
        self._always = self._probes = tuple(probes)
        self._clock = clock
        self._due: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._taken: list[Look] = []
        self._random = random.SystemRandom()
        self._room = asyncio.Semaphore(AT_ONCE_MAX)

    def start_due(self, *, blind: bool) -> None:
        """Start what is due; blind, only probes that can say something without the database."""
        at = time.monotonic()
        for probe in self._probes:
            if blind and not probe.without_database:
                continue
            due = self._due.get(probe.name)
            if due is None:  # spread the first ones over an interval, at most over five seconds
                first_s = min(FIRST_S_MAX, probe.interval_s)
                due = self._due[probe.name] = at + self._random.uniform(0, first_s)
            if due <= at and probe.name not in self._running:
                spread_s = probe.interval_s * JITTER
                self._due[probe.name] = at + probe.interval_s - self._random.uniform(0, spread_s)
                self._running[probe.name] = asyncio.create_task(self._look(probe))

    def take_on(self, crew: Sequence[Probe]) -> None:
        """Run these from now on, beside those of the wiring; an earlier crew is dismissed."""
        self._probes = (*self._always, *crew)
        kept = {probe.name for probe in self._probes}
        self._due = {name: due for name, due in self._due.items() if name in kept}

    def collect(self) -> list[Look]:
        """Return what was seen since the last call."""
        taken, self._taken = self._taken, []
        return taken

    async def stop(self) -> None:
        """Give up what is under way."""
        tasks = list(self._running.values())
        await end_tasks(tasks)
        self._due.clear()

    async def _look(self, probe: Probe) -> None:
        try:
            async with self._room:
                seen = await look(probe, self._clock())
            self._taken.append((probe, seen, self._clock()))
        finally:
            self._running.pop(probe.name, None)


async def look(probe: Probe, now: datetime) -> Observation:
    """Run one probe once, within its deadline. Never raises for anything the probe does."""
    started = time.monotonic()

    def ms() -> int:
        return int((time.monotonic() - started) * 1000)

    try:
        async with asyncio.timeout(probe.deadline_s):
            seen = await probe.run(ProbeContext(now, probe.deadline_s))
    except TimeoutError:
        code, say = "health.too_late", TOO_LATE
        seconds = int(probe.deadline_s)
        return Observation(Verdict.RED, code, ms(), None, say, {"seconds": seconds})
    except (psycopg.OperationalError, OperationalError, InterfaceError):
        return Observation(Verdict.UNKNOWN, "health.database_gone", ms())
    except Exception:
        log.exception("health.probe_failed probe=%s", probe.name)
        return Observation(Verdict.UNKNOWN, "health.probe_failed", ms())
    return seen if seen.duration_ms else replace(seen, duration_ms=ms())
