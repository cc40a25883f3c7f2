"""Errors in the log, counted per process: the pulse carries the figure, a probe judges it."""

import logging
import threading
import time
from collections import deque

WINDOW_S = 60.0
KEPT_MAX = 10_000


class FaultCount(logging.Handler):
    """Counts records of level ERROR and above: in total and in the last minute.

    Keeps times only, never texts.
    """

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self._times: deque[float] = deque(maxlen=KEPT_MAX)
        self._total = 0
        self._own = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        del record
        with self._own:
            self._total += 1
            self._times.append(time.monotonic())

    def figures(self) -> dict[str, int]:
        """Return `errors_total` and `errors_per_minute`."""
        with self._own:
            old = time.monotonic() - WINDOW_S
            while self._times and self._times[0] < old:
                self._times.popleft()
            return {"errors_total": self._total, "errors_per_minute": len(self._times)}


_counting: FaultCount | None = None


def fault_count() -> FaultCount:
    """Return this process's counter, hung on the root logger at first use."""
    global _counting  # noqa: PLW0603 - one counter per process
    if _counting is None:
        _counting = FaultCount()
        logging.getLogger().addHandler(_counting)
    return _counting
