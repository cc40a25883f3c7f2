"""Which probes rows ask for: read in a thread every few seconds, while the watch goes on."""

import asyncio
import logging
import time

from standvast.core.health.declared import FLEETS, Probe
from standvast.core.health.fleets import fleet_probes
from standvast.core.health.threads import in_thread
from standvast.kit.wiring import wired

READ_EVERY_S = 5.0
READ_S_MAX = 4.0

log = logging.getLogger(__name__)


class Crew:
    """Reads the fleets in the background; `news` is what was read since the last call."""

    def __init__(self) -> None:
        self._task: asyncio.Task[tuple[Probe, ...]] | None = None
        self._begun_at = float("-inf")

    def news(self) -> tuple[Probe, ...] | None:
        """Begin to read when it is time; return what has come in, or None."""
        if self._task is not None and self._task.done():
            task, self._task = self._task, None
            if error := task.exception():
                log.warning("health.fleets_not_read why=%s", type(error).__name__)
                return None
            return task.result()
        at = time.monotonic()
        if wired(FLEETS) and self._task is None and at - self._begun_at >= READ_EVERY_S:
            self._begun_at = at
            self._task = asyncio.create_task(
                in_thread(fleet_probes, name="fleets", statement_s_max=READ_S_MAX)
            )
        return None

    def stop(self) -> None:
        """Stop waiting for it."""
        if self._task is not None:
            self._task.cancel()
