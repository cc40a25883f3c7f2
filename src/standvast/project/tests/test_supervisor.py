"""The supervisor: brings back what dies, holds down what it is told to, stops all in time."""

import sys
import time
from pathlib import Path

import pytest

from standvast.project import supervisor as module
from standvast.project.supervisor import Supervisor


def until(condition, seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def supervised(tmp_path: Path, monkeypatch):
    """A supervisor whose processes are short Python programs instead of ours."""
    real = module.Process.start

    def start(self):
        self.words = [sys.executable, "-c", self.environment["PROGRAM"]]
        real(self)

    monkeypatch.setattr(module.Process, "start", start)
    made = Supervisor(environment={"PATH": "/usr/bin"}, log_folder=tmp_path)
    yield made
    made.stop(kinds=("trial",), each_s=2)


SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
)


class TestSupervisor:
    def test_brings_back_what_was_killed(self, supervised):
        process = supervised.add("trial", more={"PROGRAM": SLEEP})
        supervised.watch()
        first = process.pid

        supervised.kill("trial", 0, restart=True)

        assert until(lambda: process.pid not in (None, first))
        assert process.exits == [-9]

    def test_holds_down_what_a_drill_killed_until_told_otherwise(self, supervised):
        process = supervised.add("trial", more={"PROGRAM": SLEEP})
        supervised.watch()

        supervised.kill("trial", 0)
        assert not until(lambda: process.pid is not None, seconds=1.0)
        supervised.start_again("trial", 0)

        assert process.pid is not None

    def test_waits_longer_before_each_new_start_of_what_keeps_dying(self, supervised):
        process = supervised.add("trial", more={"PROGRAM": "raise SystemExit(3)"})
        supervised.watch()

        assert until(lambda: process.ends_count >= 3)
        assert process.exits[:3] == [3, 3, 3]

    def test_stops_one_that_does_not_listen(self, supervised):
        process = supervised.add("trial", more={"PROGRAM": STUBBORN})
        assert until(lambda: process.log_path.read_text() == "1\n")

        started = time.monotonic()
        supervised.stop(kinds=("trial",), each_s=1)

        assert process.pid is None
        assert time.monotonic() - started < 5
