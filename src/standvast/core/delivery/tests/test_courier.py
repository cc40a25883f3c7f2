"""The courier in its loop: wakes, bounds, breaker, stopping. Real time, kept short."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from standvast.core.delivery.api import (
    Accepted,
    Lane,
    LaneMisshapen,
    Message,
    RefusedByPeer,
    TryLater,
    Urgency,
    enqueue_set,
    run_courier,
    take_effect,
)
from standvast.core.delivery.sealing import first_key
from standvast.core.delivery.settling import Answer
from standvast.core.delivery.testing import MONDAY_9H, FakePeer, fake_lane, in_order
from standvast.core.delivery.turns import turn
from standvast.database.api import async_connect, conninfo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def conn() -> AsyncIterator[psycopg.AsyncConnection]:
    connection = await async_connect()
    yield connection
    await connection.close()


@contextlib.asynccontextmanager
async def couriers(*lanes: Lane, count: int = 1) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    running = [asyncio.create_task(run_courier(stop, lanes=lanes)) for _ in range(count)]
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await asyncio.gather(*running)


async def hand_in(conn, *keys, subject=None, urgency=Urgency.NORMAL, lane="lane", now=None):
    async with conn.transaction():
        messages = [Message(lane, subject or key, key, {"k": key}, urgency) for key in keys]
        await enqueue_set(conn, messages, now=now or datetime.now(UTC))


async def states(conn) -> dict[str, str]:
    cursor = await conn.execute("SELECT key, state FROM delivery_delivery")
    return dict(await cursor.fetchall())


async def until(check, *, within_s=8.0):
    deadline = time.monotonic() + within_s
    while not await check():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def all_ended(conn):
    found = (await states(conn)).values()
    return bool(found) and set(found) <= {"accepted", "refused"}


class TestCourier:
    async def test_delivers_what_was_there_and_what_comes(self, conn):
        peer = FakePeer()
        await hand_in(conn, "before")

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: all_ended(conn))
            started = time.monotonic()
            await hand_in(conn, "after")
            await until(lambda: all_ended(conn))

        assert peer.effects == ["before", "after"]
        assert time.monotonic() - started < 0.8, "a wake, not a poll"

    async def test_looks_by_itself_after_a_crowd_for_which_no_wakes_are_sent(self, conn):
        peer = FakePeer()

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: _flows(conn))
            await hand_in(conn, *(f"crowd{number}" for number in range(60)))
            await until(lambda: all_ended(conn))
            cursor = await conn.execute("SELECT awake_until > now() FROM delivery_laneflow")
            assert await cursor.fetchone() == (True,)
            started = time.monotonic()
            await hand_in(conn, "after")
            await until(lambda: all_ended(conn))

        assert time.monotonic() - started < 0.6

    async def test_keeps_the_order_of_a_subject_with_several_couriers(self, conn):
        peer = FakePeer(delay_s=0.002, answers={"s3": [TryLater("busy", retry_after_s=0)]})
        keys = [f"s{number}" for number in range(12)]
        others = [f"o{number}" for number in range(40)]
        await hand_in(conn, *keys, subject="one")
        await hand_in(conn, *others)

        async with couriers(fake_lane(peer=peer, concurrency_max=5), count=3):
            await until(lambda: all_ended(conn))

        assert in_order(keys, peer.effects)
        assert sorted(peer.effects) == sorted(keys + others)

    async def test_a_stuck_subject_holds_only_itself(self, conn):
        peer = FakePeer(answers={"stuck": [TryLater("full", peer_is_up=True)] * 99})
        await hand_in(conn, "stuck", "behind", subject="one")
        await hand_in(conn, "free", subject="two")

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: _is(conn, "free", "accepted"))

        assert await states(conn) == {"stuck": "waiting", "behind": "waiting", "free": "accepted"}
        assert "behind" not in peer.offers

    async def test_lets_the_next_go_after_a_refusal(self, conn):
        peer = FakePeer(answers={"a": [RefusedByPeer("peer.no")]})
        await hand_in(conn, "a", "b", subject="one")

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: all_ended(conn))

        assert await states(conn) == {"a": "refused", "b": "accepted"}

    async def test_offers_urgent_ones_first(self, conn):
        peer = FakePeer(delay_s=0.01)
        await hand_in(conn, "bulk", urgency=Urgency.BULK)
        await hand_in(conn, "normal")
        await hand_in(conn, "urgent", urgency=Urgency.URGENT)

        async with couriers(fake_lane(peer=peer, concurrency_max=1)):
            await until(lambda: all_ended(conn))

        assert peer.effects == ["urgent", "normal", "bulk"]

    async def test_never_offers_more_at_once_than_the_peer_can_take(self, conn):
        class Counting(FakePeer):
            now = most = 0

            async def attempt(self, lease):
                self.now += 1
                self.most = max(self.most, self.now)
                await asyncio.sleep(0.01)
                self.now -= 1
                return Accepted()

        peer = Counting()
        await hand_in(conn, *(f"k{number}" for number in range(40)))

        async with couriers(fake_lane(peer=peer, concurrency_max=3), count=3):
            await until(lambda: all_ended(conn))

        assert peer.most == 3

    async def test_keeps_the_rate_over_all_couriers(self, conn):
        peer = FakePeer()
        await hand_in(conn, *(f"k{number}" for number in range(40)))

        async with couriers(fake_lane(peer=peer, rate_per_s=20, burst_count=5), count=3):
            await asyncio.sleep(1.0)
            offered_count = len(peer.offers)

        assert 10 <= offered_count <= 5 + 20 * 1.3

    async def test_spares_a_peer_that_does_not_answer_and_notices_when_it_does(self, conn):
        keys = [f"k{number}" for number in range(30)]
        peer = FakePeer(answers={key: [TryLater("down")] for key in keys})
        await hand_in(conn, *keys)
        lane = fake_lane(peer=peer, concurrency_max=2, breaker_after_count=4, breaker_pause_s=60)

        async with couriers(lane):
            await asyncio.sleep(0.7)
            offered_count = len(peer.offers)
            await until(lambda: _breaker(conn, "open"))
            peer.answers.clear()
            await conn.execute(
                "UPDATE delivery_laneflow SET opened_at = opened_at - interval '2 minutes'"
            )
            await conn.execute("UPDATE delivery_delivery SET due_at = created_at")
            await until(lambda: all_ended(conn))

        assert offered_count <= 5
        assert await _breaker(conn, "closed")

    async def test_gives_up_after_its_attempts_and_calls_a_person(self, conn):
        peer = FakePeer(answers={"a": [TryLater("full", peer_is_up=True)] * 9})
        await hand_in(conn, "a", "b", subject="one")

        async with couriers(fake_lane(peer=peer, attempts_max=1)):
            await until(lambda: all_ended(conn))

        cursor = await conn.execute(
            "SELECT state, reason_code FROM delivery_delivery WHERE key = 'a'"
        )
        assert await cursor.fetchone() == ("refused", "delivery.gave_up")
        assert peer.effects == ["b"]

    async def test_cuts_off_a_silent_peer_and_survives_a_broken_destination(self, conn):
        class Broken(FakePeer):
            async def attempt(self, lease):
                self.offers.append(lease.key)
                if lease.key == "raises":
                    raise ZeroDivisionError
                await asyncio.sleep(60)

        peer = Broken(timeout_s=0.1)
        await hand_in(conn, "raises", "silent")

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: _reasons(conn, 2))

        assert await _reasons(conn, 2) == {
            "raises": "delivery.destination_broke",
            "silent": "delivery.timed_out",
        }

    async def test_calls_a_person_for_what_it_cannot_open(self, conn):
        await hand_in(conn, "a", "b")
        await conn.execute(
            "UPDATE delivery_delivery SET payload = (SELECT payload FROM delivery_delivery "
            "WHERE key = 'b') WHERE key = 'a'"
        )
        peer = FakePeer()

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: all_ended(conn))

        assert peer.effects == ["b"]
        assert (await states(conn))["a"] == "refused"
        assert first_key().id == "test"

    async def test_takes_over_from_a_courier_that_died(self, conn):
        await hand_in(conn, "a", "b", subject="one")
        await turn(conn, fake_lane(lease_s=11), want_count=9)
        await conn.execute(
            "UPDATE delivery_delivery SET lease_expires_at = now() WHERE state = 'leased'"
        )
        peer = FakePeer()

        async with couriers(fake_lane(peer=peer)):
            await until(lambda: all_ended(conn))

        assert peer.effects == ["a", "b"]

    async def test_finishes_what_is_under_way_when_asked_to_stop(self, conn):
        peer = FakePeer(delay_s=0.4)
        await hand_in(conn, "a", "b", subject="one")

        async with couriers(fake_lane(peer=peer)) as stop:
            await until(lambda: _is(conn, "a", "leased"))
            stop.set()

        assert await states(conn) == {"a": "accepted", "b": "waiting"}

    async def test_hands_back_what_takes_too_long_when_asked_to_stop(self, conn, monkeypatch):
        monkeypatch.setattr("standvast.core.delivery.courier.STOP_S_MAX", 2.3)
        peer = FakePeer(delay_s=4)
        await hand_in(conn, "a")
        started = time.monotonic()

        async with couriers(fake_lane(peer=peer)) as stop:
            await until(lambda: _is(conn, "a", "leased"))
            stop.set()

        assert await states(conn) == {"a": "waiting"}
        assert time.monotonic() - started < 3.5

    async def test_goes_on_when_its_connections_are_cut(self, conn):
        peer = FakePeer()

        async with couriers(fake_lane(peer=peer)):
            await hand_in(conn, "a")
            await until(lambda: all_ended(conn))
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name LIKE 'standvast %' AND application_name <> 'standvast'"
                " AND pid <> pg_backend_pid()"
            )
            await hand_in(conn, "b")
            await until(lambda: all_ended(conn))

        assert peer.effects == ["a", "b"]

    async def test_leases_nothing_of_a_paused_lane(self, conn):
        await hand_in(conn, "a")
        peer = FakePeer()
        await turn(conn, fake_lane(), want_count=0)
        await conn.execute("UPDATE delivery_laneflow SET is_paused = true")

        async with couriers(fake_lane(peer=peer)):
            await asyncio.sleep(0.3)

        assert peer.offers == []

    async def test_refuses_to_start_with_a_lease_shorter_than_two_time_outs(self):
        with pytest.raises(LaneMisshapen):
            await run_courier(asyncio.Event(), lanes=[fake_lane(lease_s=10)])


async def _flows(conn):
    cursor = await conn.execute("SELECT 1 FROM delivery_laneflow")
    return await cursor.fetchone() is not None


async def _is(conn, key, state):
    return (await states(conn)).get(key) == state


async def _breaker(conn, state):
    cursor = await conn.execute("SELECT breaker FROM delivery_laneflow")
    return await cursor.fetchone() == (state,)


async def _reasons(conn, count):
    cursor = await conn.execute("SELECT key, reason_code FROM delivery_delivery")
    found = {key: code for key, code in await cursor.fetchall() if code}
    return found if len(found) == count else {}


class TestTurn:
    async def test_waits_for_the_disk_with_what_it_leases_or_settles_and_with_nothing_else(self):
        options = "-c timezone=UTC -c synchronous_commit=on"
        conn = await psycopg.AsyncConnection.connect(conninfo(), autocommit=True, options=options)
        found, answers = {}, []
        for what in ("nothing", "leased", "settled"):
            if what == "leased":
                await hand_in(conn, "a")
            async with conn.transaction():
                one = await turn(conn, fake_lane(), answers, want_count=9)
                cursor = await conn.execute("SHOW synchronous_commit")
                (found[what],) = await cursor.fetchone()
            answers = [Answer(lease, Accepted()) for lease in one.leases]
        await conn.close()

        assert found == {"nothing": "off", "leased": "on", "settled": "on"}

    async def test_believes_only_the_holder_of_the_lease(self, conn):
        from standvast.core.delivery.settling import Answer

        lane = fake_lane(lease_s=11)
        await hand_in(conn, "a", now=MONDAY_9H)
        [old] = (await turn(conn, lane, want_count=1, now=MONDAY_9H)).leases
        later = old.expires_at
        await turn(conn, lane, want_count=0, now=later, look_for_expired=True)
        [new] = (await turn(conn, lane, want_count=1, now=later)).leases

        late = await turn(conn, lane, [Answer(old, RefusedByPeer("no"))], want_count=0, now=later)
        true = await turn(conn, lane, [Answer(new, Accepted("yes"))], want_count=0, now=later)

        assert late.believed_ids == frozenset()
        assert true.believed_ids == {new.delivery_id}
        assert await states(conn) == {"a": "accepted"}

    async def test_keeps_a_share_for_the_newest_while_it_recovers(self, conn):
        now = datetime.now(UTC)
        await hand_in(conn, *(f"old{number:03}" for number in range(100)), now=MONDAY_9H)
        await hand_in(conn, "new", now=now)

        leases = (await turn(conn, fake_lane(), want_count=20, jitter=lambda: 0.0)).leases

        keys = {lease.key for lease in leases}
        assert len(keys) == 20
        assert {"new", "old000"} <= keys

    @pytest.mark.parametrize("words", ["with \0 nul", "half \ud800", "x" * 5_000, ""])
    async def test_takes_any_words_a_peer_may_say(self, conn, words):
        from standvast.core.delivery.settling import Answer

        lane = fake_lane()
        await hand_in(conn, "a", "b")
        leases = (await turn(conn, lane, want_count=2)).leases

        await turn(
            conn,
            lane,
            [Answer(leases[0], Accepted(words)), Answer(leases[1], RefusedByPeer(words))],
            want_count=0,
        )

        assert sorted((await states(conn)).values()) == ["accepted", "refused"]


class TestAPeerThatComesBack:
    @staticmethod
    async def fall(conn, lane, *, later=TryLater("peer.away"), count=3):  # noqa: B008
        """Let every attempt of some deliveries fail until the breaker is open."""
        await hand_in(conn, *(f"k{number}" for number in range(count)), now=MONDAY_9H)
        taken = await turn(conn, lane, want_count=count, now=MONDAY_9H)
        answers = [Answer(lease, later) for lease in taken.leases]
        await turn(conn, lane, answers, want_count=0, now=MONDAY_9H, jitter=lambda: 0.0)

    @staticmethod
    async def due_after_s(conn):
        cursor = await conn.execute(
            "SELECT due_at FROM delivery_delivery WHERE state = 'waiting' ORDER BY id"
        )
        return [(row[0] - MONDAY_9H).total_seconds() for row in await cursor.fetchall()]

    async def come_back(self, conn, lane, outcome):
        """The one that probes is answered, two seconds and a pause later."""
        at = MONDAY_9H + timedelta(seconds=2)
        (probe,) = (await turn(conn, lane, want_count=5, now=at)).leases
        await turn(conn, lane, [Answer(probe, outcome)], want_count=0, now=at)

    async def test_is_offered_at_once_what_waited_for_its_own_backoff(self, conn):
        lane = fake_lane(breaker_after_count=3, breaker_pause_s=1.0)
        await self.fall(conn, lane)
        await conn.execute(
            "UPDATE delivery_delivery SET due_at = due_at + interval '1 minute' WHERE key <> 'k0'"
        )

        await self.come_back(conn, lane, Accepted())

        assert await self.due_after_s(conn) == [2.0, 2.0]

    async def test_is_offered_it_when_an_effect_of_ours_was_the_answer(self, conn):
        lane = fake_lane(breaker_after_count=3, breaker_pause_s=1.0)
        await self.fall(conn, lane)
        await conn.execute(
            "UPDATE delivery_delivery SET due_at = due_at + interval '1 minute' WHERE key <> 'k0'"
        )
        at = MONDAY_9H + timedelta(seconds=2)
        (probe,) = (await turn(conn, lane, want_count=5, now=at)).leases

        await sync_to_async(take_effect)(
            lambda: None, lane=lane, lease=probe, timeout_s=5.0, now=at
        )
        await sync_to_async(connections.close_all)()

        assert await self.due_after_s(conn) == [2.0, 2.0]

    async def test_that_asked_for_time_is_given_it(self, conn):
        lane = fake_lane(breaker_after_count=3, breaker_pause_s=1.0)
        await self.fall(conn, lane, later=TryLater("peer.busy", retry_after_s=90.0))
        await conn.execute("UPDATE delivery_delivery SET due_at = %s WHERE key = 'k0'", [MONDAY_9H])
        await conn.execute(
            "UPDATE delivery_delivery SET due_at = due_at + interval '1 minute' WHERE key = 'k1'"
        )

        await self.come_back(conn, lane, Accepted())

        assert await self.due_after_s(conn) == [90.0, 90.0]

    async def test_that_stays_away_is_left_in_peace(self, conn):
        lane = fake_lane(breaker_after_count=3, breaker_pause_s=1.0)
        await self.fall(conn, lane)
        await conn.execute(
            "UPDATE delivery_delivery SET due_at = due_at + interval '1 minute' WHERE key <> 'k0'"
        )

        await self.come_back(conn, lane, TryLater("peer.away"))

        assert all(due_s > 2.0 for due_s in await self.due_after_s(conn))
