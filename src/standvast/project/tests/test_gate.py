"""The gate: a step that hangs is ended, with what it started, and counts as failed."""

import os
import sys
import time
from pathlib import Path

from standvast.project.commands import test as gate

HANGS = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""


class TestStep:
    def test_that_hangs_is_ended_with_what_it_started(self, tmp_path: Path, monkeypatch):
        told = tmp_path / "pid"
        monkeypatch.setattr(gate, "STOP_S", 1.0)
        step = gate.Step("hangs", (sys.executable, "-c", HANGS, str(told)), "", limit_s=1.5)
        began = time.monotonic()

        status = gate._status_of(step)

        assert status == 1
        assert time.monotonic() - began < 20
        assert _is_gone(int(told.read_text()))

    def test_says_how_it_ended(self):
        assert gate._status_of(gate.Step("x", (sys.executable, "-c", "exit(3)"), "")) == 3


def _is_gone(pid: int) -> bool:
    """Whether a process has ended; one that waits for its parent to notice has."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False
