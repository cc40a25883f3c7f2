"""A browser that ends when its time is over, so that nothing waits for a page without end.

Playwright bounds navigations and clicks, but neither a script that runs in the page nor the
closing of a page that hangs. Ending the browser from beside makes all of them fail at once.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright


class Browsers:
    """Keeps one browser, and starts a new one when it ended."""

    def __init__(self, playwright: Playwright, *, executable: str, flags: Sequence[str]) -> None:
        self._chromium = playwright.chromium
        self._executable = executable
        self._flags = list(flags)
        self._browser: Browser | None = None
        self._pids: frozenset[int] = frozenset()

    def browser(self) -> Browser:
        """Return the browser that runs; start one if none does."""
        if self._browser is None or not self._browser.is_connected():
            before = _chromiums()
            self._browser = self._chromium.launch(
                executable_path=self._executable, args=self._flags
            )
            self._pids = _chromiums() - before
        return self._browser

    @contextlib.contextmanager
    def ended_after(self, seconds: float) -> Iterator[None]:
        """End the browser when the block takes longer; what it waits for then fails."""
        over = threading.Timer(seconds, self._end)
        over.daemon = True
        over.start()
        try:
            yield
        finally:
            over.cancel()

    def close(self) -> None:
        """Close the browser, whatever state it is in."""
        if self._browser is not None:
            with self.ended_after(10), contextlib.suppress(Error):
                self._browser.close()

    def _end(self) -> None:
        """End the processes that this run started, and no other; from another thread."""
        for pid in self._pids:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _chromiums() -> frozenset[int]:
    """Return the browsers below this process: children of children of Playwright's driver."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("*"):
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    below, found = {os.getpid()}, set[int]()
    while below:
        below = {pid for pid, parent in parents.items() if parent in below}
        found |= below
    return frozenset(pid for pid in found if _is_browser(pid))


def _is_browser(pid: int) -> bool:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return b"--remote-debugging-pipe" in words
    return False
