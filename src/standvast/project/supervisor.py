"""Processes of one machine under one supervisor: start, watch, restart, stop in order."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RESTART_FIRST_S = 0.3
RESTART_S_MAX = 10.0
STEADY_S = 20.0
"""Up this long, a process is forgiven its earlier ends."""
LOG_BYTES_MAX = 20_000_000


def _end_with_parent() -> None:
    """Ask the kernel to stop this process when its supervisor ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Process:
    """One supervised process: `kind` and `number` name it, its log lies in the folder."""

    kind: str
    number: int
    words: Sequence[str]
    environment: Mapping[str, str]
    log_path: Path
    running: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    ends_count: int = 0
    held_down: bool = False
    restart_at: float | None = None
    exits: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def pid(self) -> int | None:
        return self.running.pid if self.running and self.running.poll() is None else None

    def start(self) -> None:
        """Start it; its output goes to its log, cut at 20 MB."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES_MAX:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        with self.log_path.open("ab") as out:
            self.running = subprocess.Popen(
                self.words,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call to the kernel
            )
        self.started = time.monotonic()
        self.restart_at = None


class Supervisor:
    """Keeps processes up until told otherwise."""

    def __init__(self, *, environment: Mapping[str, str], log_folder: Path) -> None:
        self._environment = environment
        self._logs = log_folder
        self.processes: list[Process] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, kind: str, *arguments: str, more: Mapping[str, str] | None = None) -> Process:
        """Start one more process of a kind: `standvast <kind> <arguments>`."""
        with self._lock:
            number = sum(1 for process in self.processes if process.kind == kind)
            process = Process(
                kind=kind,
                number=number,
                words=[sys.executable, "-m", "standvast", kind, *arguments],
                environment={**self._environment, **(more or {})},
                log_path=self._logs / f"{kind}-{number}.log",
            )
            self.processes.append(process)
            process.start()
        return process

    def of(self, kind: str) -> list[Process]:
        """Return the processes of one kind, by number."""
        return [process for process in self.processes if process.kind == kind]

    def watch(self) -> None:
        """Begin restarting what ends by itself."""
        self._thread = threading.Thread(target=self._keep_up, daemon=True, name="supervisor")
        self._thread.start()

    def kill(self, kind: str, number: int, *, restart: bool = False) -> None:
        """SIGKILL one process, as a power cut would; for drills and storms."""
        process = self.of(kind)[number]
        process.held_down = not restart
        if process.running is not None and process.running.poll() is None:
            process.running.kill()
            process.running.wait(5)

    def start_again(self, kind: str, number: int) -> None:
        """Start a process that was held down."""
        process = self.of(kind)[number]
        with self._lock:
            process.held_down = False
            if process.pid is None:
                process.start()

    def stop(self, *, kinds: Sequence[str], each_s: float = 7.0) -> None:
        """Stop all of these kinds, together, then kill what is left after `each_s`."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(2)
        living = [p for p in self.processes if p.kind in kinds and p.pid is not None]
        for process in living:
            assert process.running is not None
            process.running.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + each_s
        for process in living:
            assert process.running is not None
            try:
                process.running.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.running.pid, signal.SIGKILL)
                process.running.wait(2)

    def _keep_up(self) -> None:
        while not self._stopping.wait(0.1):
            now = time.monotonic()
            with self._lock:
                for process in self.processes:
                    self._look(process, now)

    def _look(self, process: Process, now: float) -> None:
        if process.held_down or process.running is None or process.running.poll() is None:
            return
        if process.restart_at is None:
            process.exits = [*process.exits[-9:], process.running.returncode]
            if now - process.started > STEADY_S:
                process.ends_count = 0
            pause_s = min(RESTART_S_MAX, RESTART_FIRST_S * 2**process.ends_count)
            process.ends_count += 1
            process.restart_at = now + pause_s
        elif now >= process.restart_at:
            process.start()
