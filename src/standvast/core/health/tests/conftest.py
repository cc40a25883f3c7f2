"""No thread of a test outlives it: its connection would keep the database from being dropped."""

import threading
import time

import pytest

OURS = ("sweep", "hear", "blind", "probe", "figures", "test", "t", "heartbeat", "fleets")


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    deadline = time.monotonic() + 10
    while any(thread.name.startswith(OURS) for thread in threading.enumerate()):
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
