"""Events from who publishes to who subscribes: nothing without a commit, once with effect."""

import asyncio
import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.db import OperationalError, connection, transaction

from standvast.core.delivery.api import (
    LANES,
    SUBSCRIPTIONS,
    Accepted,
    Breaker,
    RefusedByPeer,
    State,
    SubscriberDestination,
    Subscription,
    TryLater,
    is_heard,
    lane_view,
    publish,
    publish_set,
    run_courier,
    subscriber_lane,
)
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.testing import MONDAY_9H, DestinationContract, in_order, lease_for
from standvast.database.api import async_connect
from standvast.events.event import Event
from standvast.kit.errors import Busy, Refused
from standvast.kit.wiring import rewired

BELL = uuid.UUID(int=1)


@dataclass(frozen=True, slots=True)
class Rung(Event):
    """A bell rang."""

    name: ClassVar[str] = "test.rung.v1"

    bell: uuid.UUID
    count: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.bell)

    @property
    def key(self) -> str:
        return f"{self.bell}.{self.count}"


@dataclass(frozen=True, slots=True)
class Tuned(Rung):
    """Nobody hears this one."""

    name: ClassVar[str] = "test.tuned.v1"


class Ear:
    """A subscriber whose effect is a row, and that can be told what else to do."""

    def __init__(self) -> None:
        self.before = lambda event: None
        self.after = lambda event: None

    def on_rung(self, event: Rung, *, now: datetime) -> None:
        assert connection.in_atomic_block
        self.before(event)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO test_heard (count) VALUES (%s)", [event.count])
        self.after(event)


async def in_thread(do, *args):
    """Run something of Django's on a thread of its own, and leave no connection behind."""

    def run():
        try:
            return do(*args)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


def effects() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count FROM test_heard ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def rung(count: int = 1, *, bell: uuid.UUID = BELL) -> Rung:
    return Rung(bell, count, MONDAY_9H)


def leased(lease) -> None:
    """Store the delivery of a lease as a courier would have left it."""
    Delivery.objects.get_or_create(
        id=lease.delivery_id,
        defaults={
            "lane": lease.lane, "subject": lease.subject, "key": lease.key, "digest": b"",
            "key_id": "test", "payload": b"", "urgency": 1, "state": State.LEASED.value,
            "due_at": MONDAY_9H, "created_at": MONDAY_9H, "owed_at": MONDAY_9H,
            "lease_token": lease.token, "lease_expires_at": lease.expires_at,
        },
    )  # fmt: skip
    LaneFlow.objects.get_or_create(lane=lease.lane, defaults={"depth_max": 1_000})


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture(autouse=True)
def wires(ear):
    lane = subscriber_lane("lane", title="lane")
    with rewired(
        LANES.filled(lane, replace(lane, name="other")),
        SUBSCRIPTIONS.filled(
            Subscription(Rung, "lane", ear.on_rung), Subscription(Rung, "other", ear.on_rung)
        ),
    ):
        yield


@pytest.fixture
def heard(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_heard (id bigserial, count int)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_heard")


@pytest.mark.django_db
class TestPublish:
    def test_puts_one_delivery_on_the_lane_of_each_subscriber(self):
        publish(rung(1), rung(2), now=MONDAY_9H)

        rows = Delivery.objects.order_by("lane", "id").values_list("lane", "subject", "key")
        assert list(rows) == [
            (lane, str(BELL), f"test.rung.v1.{BELL}.{count}")
            for lane in ("lane", "other")
            for count in (1, 2)
        ]

    def test_asks_the_database_nothing_when_nobody_subscribes(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            publish(Tuned(BELL, 1, MONDAY_9H), now=MONDAY_9H)

        assert not is_heard(Tuned)
        assert is_heard(Rung)

    def test_adds_nothing_for_the_same_event(self):
        publish(rung(), now=MONDAY_9H)
        publish(rung(), now=MONDAY_9H)

        assert Delivery.objects.count() == 2

    def test_crashes_on_another_event_under_the_same_key(self):
        publish(rung(), now=MONDAY_9H)

        with pytest.raises(AssertionError, match="one key"):
            publish(replace(rung(), at=datetime(2026, 1, 1, tzinfo=UTC)), now=MONDAY_9H)

    def test_leaves_nothing_when_the_publisher_does_not_commit(self):
        with transaction.atomic():
            publish(rung(), now=MONDAY_9H)
            transaction.set_rollback(True)

        assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_the_set_wise_face_writes_what_publish_writes():
    conn = await async_connect()
    try:
        async with conn.transaction():
            await publish_set(conn, [rung(1), Tuned(BELL, 1, MONDAY_9H)], now=MONDAY_9H)
    finally:
        await conn.close()

    lanes = await in_thread(lambda: set(Delivery.objects.values_list("lane", flat=True)))
    assert lanes == {"lane", "other"}


class Offered:
    """The destination as a courier uses it: what is offered is there, and leased."""

    def __init__(self, inner: SubscriberDestination) -> None:
        self.inner, self.timeout_s = inner, inner.timeout_s

    async def attempt(self, lease):
        await in_thread(leased, lease)
        return await self.inner.attempt(lease)


@pytest.mark.usefixtures("heard")
class TestSubscriberDestination(DestinationContract):
    @pytest.fixture(autouse=True)
    def listens(self, ear):
        self.ear = ear

    def destination(self):
        return Offered(SubscriberDestination(timeout_s=0.5))

    def payload(self):
        return {
            "event": "test.rung.v1",
            "with": {"bell": str(BELL), "count": 1, "at": MONDAY_9H.isoformat()},
        }

    async def peer_accepts(self):
        pass

    async def peer_refuses(self):
        def refuse(_):
            raise Refused("no")

        self.ear.after = refuse

    async def peer_is_busy(self):
        def full(_):
            raise Busy("full", retry_after_s=3)

        self.ear.after = full

    async def peer_is_silent(self):
        def sleep(_):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(30)")

        self.ear.after = sleep

    async def peer_is_gone(self):
        def gone(_):
            raise OperationalError("the server closed the connection")

        self.ear.after = gone

    async def effects_of(self, key):
        return len(await in_thread(effects))

    @pytest.mark.parametrize("word", ["peer_refuses", "peer_is_busy", "peer_is_gone"])
    async def test_undoes_the_effect_of_what_is_not_accepted(self, word):
        await getattr(self, word)()

        await self.destination().attempt(lease_for(self.payload()))

        assert await self.effects_of("key-1") == 0

    async def test_settles_in_the_same_transaction(self):
        outcome = await self.destination().attempt(lease_for(self.payload()))

        assert outcome == Accepted(is_settled=True)
        row = await in_thread(Delivery.objects.get)
        flow = await in_thread(LaneFlow.objects.get)
        assert (row.state, row.lease_token, row.is_open) == ("accepted", None, False)
        assert (flow.accepted_count, flow.answer, flow.minute_count) == (1, "accepted", 1)

    async def test_undoes_the_effect_when_the_lease_was_lost_meanwhile(self):
        lease = lease_for(self.payload())
        self.ear.after = lambda _: Delivery.objects.update(
            state="waiting", lease_token=None, lease_expires_at=None
        )

        outcome = await self.destination().attempt(lease)

        assert isinstance(outcome, TryLater)
        assert await self.effects_of("key-1") == 0

    async def test_refuses_an_event_whose_fields_are_not_those_of_its_version(self):
        payload = {"event": "test.rung.v1", "with": {"bell": str(BELL)}}

        outcome = await self.destination().attempt(lease_for(payload))

        assert outcome == RefusedByPeer("events.unreadable")


@pytest.mark.usefixtures("heard")
class TestByCourier:
    async def run_until(self, check):
        stop = asyncio.Event()
        running = asyncio.create_task(run_courier(stop))
        try:
            deadline = time.monotonic() + 15
            while not await in_thread(check):
                assert time.monotonic() < deadline, "it did not happen in time"
                await asyncio.sleep(0.05)
        finally:
            stop.set()
            await running

    async def test_each_subscriber_hears_each_event_once_in_order(self):
        now = datetime.now(UTC)
        counts = list(range(1, 13))
        await in_thread(publish_in_one, counts, now)

        await self.run_until(lambda: not Delivery.objects.exclude(state="accepted").exists())

        found = await in_thread(effects)
        assert sorted(found) == sorted(counts * 2)
        assert in_order(map(str, counts), dict.fromkeys(map(str, found)))
        view = await in_thread(lane_view, "lane", datetime.now(UTC))
        assert view.accepted_count == 12

    async def test_what_broke_half_way_is_heard_once_in_the_end(self, ear):
        broken = []

        def breaks_once(event):
            if len(broken) < 2:
                broken.append(event.count)
                raise ZeroDivisionError("a fault of ours, after the effect")

        ear.after = breaks_once
        await in_thread(publish_in_one, [1], datetime.now(UTC))

        await self.run_until(lambda: not Delivery.objects.exclude(state="accepted").exists())

        assert len(broken) == 2
        assert await in_thread(effects) == [1, 1], "two subscribers, one effect each"

    async def test_a_breaker_that_opened_closes_again(self, ear):
        await in_thread(open_breakers)
        await in_thread(publish_in_one, [1, 2], datetime.now(UTC))

        await self.run_until(lambda: not Delivery.objects.exclude(state="accepted").exists())

        flows = await in_thread(lambda: list(LaneFlow.objects.all()))
        breakers = {flow.breaker for flow in flows}
        assert breakers == {"closed"}


def publish_in_one(counts, now):
    with transaction.atomic():
        publish(*(rung(count) for count in counts), now=now)


def open_breakers():
    LaneFlow.objects.bulk_create(
        LaneFlow(
            lane=lane,
            depth_max=1_000,
            breaker=Breaker.OPEN.value,
            faults_count=10,
            opened_at=MONDAY_9H,
            openings_count=1,
        )
        for lane in ("lane", "other")
    )
