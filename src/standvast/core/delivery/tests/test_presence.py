"""A courier that is killed: what it held is free at once, and late words of it change nothing."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from standvast.core.delivery.api import Accepted, Message, enqueue_set, run_courier
from standvast.core.delivery.courier import Drainer, courier_pool
from standvast.core.delivery.lanes import LANES
from standvast.core.delivery.presence import Presence, taken_number
from standvast.core.delivery.settling import Answer
from standvast.core.delivery.sweeps import release_expired
from standvast.core.delivery.testing import FakePeer, fake_lane, in_order
from standvast.core.delivery.turns import turn
from standvast.database.api import async_connect
from standvast.kit.tasks import end_tasks
from standvast.kit.wiring import rewired

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

WIDTH = 12
COURIER = f"""
import asyncio
import django
django.setup()
from standvast.core.delivery.api import Lane, run_courier

class Silent:
    timeout_s = 40.0
    async def attempt(self, lease):
        await asyncio.sleep(1000)

lane = Lane("lane", Silent, "Lane", rate_per_s=1000, burst_count=1000, concurrency_max={WIDTH},
            lease_s=90)
asyncio.run(run_courier(asyncio.Event(), lanes=[lane]))
"""


@pytest.fixture
async def conn() -> AsyncIterator[psycopg.AsyncConnection]:
    found = await async_connect()
    yield found
    await found.close()


@contextlib.asynccontextmanager
async def silent_courier() -> AsyncIterator[asyncio.subprocess.Process]:
    """A real courier, of which the peer never answers."""
    used = connection.settings_dict
    key = "test:dGVzdCBrZXkgb2YgMzIgYnl0ZXMsIG5vIG1vcmUhISE="
    environment = os.environ | {
        "DATABASE_URL": (
            f"postgresql://{quote(used['USER'])}@/{quote(used['NAME'])}"
            f"?host={quote(str(used['HOST']), safe='')}&port={used['PORT']}"
        ),
        "DJANGO_SETTINGS_MODULE": "standvast.project.settings",
        "STANDVAST_SECRET_KEY": settings.SECRET_KEY,
        "STANDVAST_SEALING_KEYS": key,
        "STANDVAST_POOL_MAX": "0",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", COURIER, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def hand_in(conn, *keys, subject=None):
    async with conn.transaction():
        messages = [Message("lane", subject or key, key, {"k": key}) for key in keys]
        await enqueue_set(conn, messages, now=datetime.now(UTC))


async def count(conn, where) -> int:
    cursor = await conn.execute(f"SELECT count(*) FROM delivery_delivery WHERE {where}")
    [number] = await cursor.fetchone()
    return number


async def until(conn, where, wanted, *, within_s):
    """Wait until so many deliveries are like this; return how long it took."""
    began = time.monotonic()
    while await count(conn, where) != wanted:
        assert time.monotonic() - began < within_s, f"not in time: {where}"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


@contextlib.asynccontextmanager
async def courier_here(lane):
    stop = asyncio.Event()
    running = asyncio.create_task(run_courier(stop, lanes=[lane]))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await running


KEYS = [f"k{number:02}" for number in range(WIDTH)]


class TestKilled:
    async def test_another_courier_goes_on_within_seconds(self, conn):
        await hand_in(conn, *KEYS)
        await hand_in(conn, "behind", subject=KEYS[0])
        peer = FakePeer()

        async with silent_courier() as killed:
            await until(conn, "state = 'leased'", WIDTH, within_s=20)
            lane = fake_lane(peer=peer, concurrency_max=WIDTH, lease_s=90)
            async with courier_here(lane):
                await asyncio.sleep(2.5)
                assert peer.offers == [], "one that lives keeps what it holds"
                killed.send_signal(signal.SIGKILL)
                await until(conn, "state = 'accepted'", WIDTH + 1, within_s=3)

        assert sorted(peer.effects) == sorted([*KEYS, "behind"])
        assert in_order([KEYS[0], "behind"], peer.effects)
        assert await count(conn, "key <> 'behind' AND attempts_count = 2") == WIDTH

    async def test_the_sweep_frees_what_it_held(self, conn):
        await hand_in(conn, *KEYS)

        async with silent_courier() as killed:
            await until(conn, "state = 'leased'", WIDTH, within_s=20)
            await swept()
            assert await count(conn, "state = 'leased'") == WIDTH
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
            began = time.monotonic()
            while await count(conn, "state = 'leased'"):
                assert time.monotonic() - began < 3
                await swept()
                await asyncio.sleep(0.1)

        freed = "state = 'waiting' AND reason_code = 'delivery.lease_expired'"
        assert await count(conn, freed + " AND lease_courier IS NULL") == WIDTH


async def swept():
    def run():
        with rewired(LANES.filled(fake_lane())):
            release_expired(datetime.now(UTC))
        connection.close()

    await asyncio.to_thread(run)


class TestTurn:
    async def test_takes_nothing_from_one_that_lives_and_all_from_one_that_is_gone(self, conn):
        living, gone = await async_connect(), await async_connect()
        numbers = [await taken_number(living), await taken_number(gone)]
        await hand_in(conn, "a", "b", "by hand")
        for number in (*numbers, None):
            await turn(conn, fake_lane(lease_s=60), want_count=1, courier=number)
        await gone.close()
        await asyncio.sleep(0.2)

        await turn(conn, fake_lane(), want_count=0, look_for_expired=True)

        assert await count(conn, f"lease_courier = {numbers[0]}") == 1
        assert await count(conn, "state = 'leased' AND lease_courier IS NULL") == 1
        assert await count(conn, "state = 'waiting'") == 1
        await living.close()

    async def test_leases_nothing_to_one_whose_number_nobody_holds(self, conn):
        await hand_in(conn, "a")

        assert (await turn(conn, fake_lane(), want_count=1, courier=77)).leases == []

    async def test_believes_no_late_word_of_one_that_is_gone(self, conn):
        gone = await async_connect()
        await hand_in(conn, "a")
        lane, number = fake_lane(), await taken_number(gone)
        [old] = (await turn(conn, lane, want_count=1, courier=number)).leases
        await gone.close()
        await asyncio.sleep(0.2)
        [new] = (await turn(conn, lane, want_count=1, look_for_expired=True)).leases

        late = await turn(conn, lane, [Answer(old, Accepted())], want_count=0)

        assert (new.delivery_id, new.attempts_count) == (old.delivery_id, 2)
        assert late.believed_ids == frozenset()

    async def test_believes_an_answer_that_comes_before_anybody_looked(self, conn):
        gone = await async_connect()
        await hand_in(conn, "a")
        lane, number = fake_lane(), await taken_number(gone)
        [lease] = (await turn(conn, lane, want_count=1, courier=number)).leases
        await gone.close()
        await asyncio.sleep(0.2)

        answer = Answer(lease, Accepted())
        await turn(conn, lane, [answer], want_count=0, look_for_expired=True)

        assert await count(conn, "state = 'accepted'") == 1


class TestSession:
    async def test_a_lost_session_ends_what_is_under_way_and_brings_a_new_number(self, conn):
        class Slow(FakePeer):
            ended = 0

            async def attempt(self, lease):
                self.offers.append(lease.key)
                if len(self.offers) == 1:
                    try:
                        await asyncio.sleep(4)
                    except asyncio.CancelledError:
                        self.ended += 1
                        raise
                return Accepted()

        peer = Slow()
        await hand_in(conn, "a")

        async with courier_here(fake_lane(peer=peer, lease_s=90)):
            await until(conn, "state = 'leased'", 1, within_s=5)
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'standvast wakes' AND datname = current_database()"
            )
            await until(conn, "state = 'accepted'", 1, within_s=3)

        assert peer.offers == ["a", "a"]
        assert peer.ended == 1
        assert await count(conn, "attempts_count = 2") == 1

    async def test_what_was_leased_while_the_session_went_is_handed_back_unoffered(self, conn):
        class Flickering:
            asked = 0

            @property
            def number(self):
                self.asked += 1
                return held if self.asked % 2 else None

        held = await taken_number(conn)
        await hand_in(conn, "a")
        peer, stop = FakePeer(), asyncio.Event()
        async with courier_pool() as pool:
            drainer = Drainer(fake_lane(peer=peer), peer, Flickering())
            running = asyncio.create_task(drainer.run(pool, stop))
            handed_back = "reason_code = 'delivery.handed_back' AND attempts_count > 1"
            await until(conn, handed_back, 1, within_s=5)
            stop.set()
            await running

        assert peer.offers == []

    async def test_every_session_has_a_number_of_its_own_and_none_after_it(self):
        presences = [Presence(), Presence()]
        tasks = [asyncio.create_task(presence.run({})) for presence in presences]
        deadline = datetime.now(UTC) + timedelta(seconds=5)
        while not all(presence.number for presence in presences):
            assert datetime.now(UTC) < deadline
            await asyncio.sleep(0.02)

        assert presences[0].number != presences[1].number
        await end_tasks(tasks)
        assert [presence.number for presence in presences] == [None, None]
