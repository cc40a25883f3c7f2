"""Couriers are killed at random while a peer takes deliveries: nothing lost, no order broken.

The peer is a process of its own that keeps what took effect, once per key, and forgets nothing.
Couriers are real processes, killed with SIGKILL; enqueuing goes on meanwhile.
"""

import json
import os
import random
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from standvast.project.embedded import EmbeddedServer

pytestmark = [pytest.mark.storm, pytest.mark.timeout(240), pytest.mark.enable_socket]

SUBJECTS = 60
PER_SUBJECT = 25
KILLS = 14
COURIERS = 3
SEED = 4

COURIER = """
import asyncio, json, os, signal
import django
django.setup()
from standvast.core.delivery.api import Accepted, Lane, TryLater, run_courier

class Peer:
    timeout_s = 1.0
    async def attempt(self, lease):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(os.environ["PEER"]))
            writer.write(json.dumps([lease.subject, lease.key]).encode() + b"\\n")
            answer = await reader.readline()
            writer.close()
        except OSError:
            return TryLater("peer.gone")
        if answer == b"taken\\n":
            return Accepted("taken")
        return TryLater("peer.busy", retry_after_s=0, peer_is_up=True)

lane = Lane("storm", Peer, "Storm", rate_per_s=5000, burst_count=500, concurrency_max=30,
            lease_s=2.5, breaker_after_count=500)

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_courier(stop, lanes=[lane])

asyncio.run(main())
"""

ENQUEUE = """
import sys
import django
django.setup()
from django.db import transaction
from standvast.core.delivery.api import Message, enqueue_many
from standvast.database.api import database_now
subjects, per_subject = map(int, sys.argv[1:])
for number in range(per_subject):
    with transaction.atomic():
        enqueue_many([Message("storm", f"s{s}", f"s{s}:{number:03}", {"n": number})
                      for s in range(subjects)], now=database_now())
"""


class Peer(socketserver.ThreadingTCPServer):
    """Records each key's first effect; sometimes takes it and loses the answer."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 128

    def __init__(self, seed: int) -> None:
        self.effects: dict[str, list[str]] = defaultdict(list)
        self.repeats_count = 0
        self.random = random.Random(seed)
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), Offer)


class Offer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline()
        if not line.endswith(b"\n"):
            return
        subject, key = json.loads(line)
        peer = self.server
        with peer.guard:
            chance = peer.random.random()
            if chance < 0.05:
                self.wfile.write(b"busy\n")
                return
            if key in peer.effects[subject]:
                peer.repeats_count += 1
            else:
                peer.effects[subject].append(key)
        time.sleep(0.002)
        if chance < 0.10:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(b"taken\n")


@pytest.fixture
def ground(tmp_path_factory):
    """A durable server of its own, with the tables."""
    folder = tmp_path_factory.mktemp("couriers")
    for part in (folder, *folder.parents):
        if str(part).startswith("/tmp/"):
            part.chmod(part.stat().st_mode | 0o055)
    server = EmbeddedServer(folder / "pg", durable=True)
    server.start()
    server.make_database("standvast")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STANDVAST_TEST")}
    environment = {
        **kept,
        "DATABASE_URL": server.url(),
        "STANDVAST_SECRET_KEY": "only-for-storms",
        "STANDVAST_SEALING_KEYS": "test:dGVzdCBrZXkgb2YgMzIgYnl0ZXMsIG5vIG1vcmUhISE=",
        "STANDVAST_POOL_MAX": "0",
        "STANDVAST_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "standvast.project.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
    }
    run([sys.executable, "-m", "django", "migrate", "delivery", "-v0"], environment)
    yield server, environment
    server.stop()


def run(words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_killing_couriers_at_random_loses_nothing_and_keeps_every_order(ground):
    server, environment = ground
    dice = random.Random(SEED)
    with Peer(SEED) as peer:
        threading.Thread(target=peer.serve_forever, daemon=True).start()
        environment["PEER"] = str(peer.server_address[1])
        couriers = [start_courier(environment) for _ in range(COURIERS)]
        enqueuing = subprocess.Popen(
            [sys.executable, "-c", ENQUEUE, str(SUBJECTS), str(PER_SUBJECT)], env=environment
        )
        try:
            for _ in range(KILLS):
                time.sleep(dice.uniform(0.2, 1.2))
                place = dice.randrange(COURIERS)
                couriers[place].send_signal(signal.SIGKILL)
                couriers[place].wait()
                couriers[place] = start_courier(environment)
            assert enqueuing.wait(60) == 0
            counts = wait_until_all_ended(server, deadline_s=90)
        finally:
            for process in (*couriers, enqueuing):
                process.kill()
                process.wait()
        peer.shutdown()

    wanted = {
        f"s{s}": [f"s{s}:{number:03}" for number in range(PER_SUBJECT)] for s in range(SUBJECTS)
    }
    assert counts == {"accepted": SUBJECTS * PER_SUBJECT}
    assert dict(peer.effects) == wanted, "each key once, each subject in its order"
    assert peer.repeats_count > 0, "the storm was too mild to prove anything"


def start_courier(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", COURIER], env=environment)


def wait_until_all_ended(server: EmbeddedServer, *, deadline_s: float) -> dict[str, int]:
    until = time.monotonic() + deadline_s
    with psycopg.connect(server.url(), autocommit=True) as conn:
        while True:
            rows = conn.execute("SELECT state, count(*) FROM delivery_delivery GROUP BY state")
            counts = dict(rows.fetchall())
            if set(counts) == {"accepted"} or time.monotonic() > until:
                return counts
            time.sleep(0.2)


def test_the_peer_of_this_storm_would_notice_a_broken_order():
    with Peer(1) as peer:
        threading.Thread(target=peer.serve_forever, daemon=True).start()
        started = datetime.now(tz=UTC)
        for key in ("s0:001", "s0:000"):
            while key not in peer.effects["s0"]:
                with socket.create_connection(peer.server_address) as link:
                    link.sendall(json.dumps(["s0", key]).encode() + b"\n")
                    link.recv(100)
                assert (datetime.now(tz=UTC) - started).total_seconds() < 10
        peer.shutdown()

    assert peer.effects["s0"] == ["s0:001", "s0:000"]
