"""Handing messages in: both or neither with the caller's data, once per key."""

import asyncio

import pytest
from django.db import IntegrityError, connection, transaction

from standvast.core.delivery.api import (
    Added,
    KeyClash,
    LaneFull,
    Message,
    PayloadTooLarge,
    Urgency,
    enqueue,
    enqueue_many,
    enqueue_set,
)
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.testing import MONDAY_9H
from standvast.core.delivery.values import PAYLOAD_BYTES_MAX
from standvast.database.api import async_connect

SECRET = "Janssen, geboren 1950"


def put(key="key", payload=None, *, lane="lane", subject="subject", **more):
    with transaction.atomic():
        enqueue(
            lane=lane,
            subject=subject,
            key=key,
            payload={"a": 1} if payload is None else payload,
            now=MONDAY_9H,
            **more,
        )


def message(key, payload=None, *, lane="lane", subject="subject"):
    return Message(lane=lane, subject=subject, key=key, payload=payload or {"a": 1})


@pytest.mark.django_db
class TestEnqueue:
    def test_adds_one_delivery_that_waits(self):
        put(urgency=Urgency.URGENT)

        row = Delivery.objects.get()
        assert (row.lane, row.subject, row.key) == ("lane", "subject", "key")
        assert (row.state, row.urgency, row.attempts_count) == ("waiting", 0, 0)
        assert row.due_at == row.created_at == row.owed_at == MONDAY_9H

    def test_adds_one_when_repeated(self):
        put(payload={"a": 1, "b": 2})
        put(payload={"b": 2, "a": 1})

        assert Delivery.objects.count() == 1

    def test_refuses_the_same_key_with_other_content(self):
        put()

        with pytest.raises(KeyClash):
            put(payload={"a": 2})

        assert Delivery.objects.count() == 1

    def test_takes_the_same_key_on_another_lane(self):
        put()
        put(lane="other", payload={"a": 2})

        assert Delivery.objects.count() == 2

    def test_leaves_nothing_behind_when_the_caller_fails(self):
        def fails_after_it():
            with transaction.atomic():
                enqueue(lane="lane", subject="s", key="k", payload={}, now=MONDAY_9H)
                raise IntegrityError("disk full")

        with pytest.raises(IntegrityError):
            fails_after_it()

        assert not Delivery.objects.exists()

    def test_shows_nothing_of_what_it_carries(self):
        put(payload={"name": SECRET})

        row = Delivery.objects.get()
        everything = b"|".join(
            bytes(value) if isinstance(value, memoryview) else str(value).encode()
            for value in (getattr(row, field.attname) for field in Delivery._meta.fields)
        )
        assert SECRET.encode() not in everything
        assert SECRET not in repr(message("key", {"name": SECRET}))

    def test_refuses_what_is_too_large(self):
        with pytest.raises(PayloadTooLarge):
            put(payload={"a": "x" * PAYLOAD_BYTES_MAX})

    def test_refuses_when_the_lane_is_full(self):
        LaneFlow.objects.create(lane="lane", depth_count=10, depth_max=10)

        with pytest.raises(LaneFull) as caught:
            put()

        assert caught.value.retry_after_s > 0
        assert not Delivery.objects.exists()
        put(lane="other")

    def test_knows_a_repeat_after_a_change_of_keys(self, settings):
        put()
        old = settings.SEALING_KEYS
        settings.SEALING_KEYS = ("new:" + "QUFB" * 10 + "QUE=", *old)

        put()
        with pytest.raises(KeyClash):
            put(payload={"a": 2})


@pytest.mark.django_db(transaction=True)
def test_enqueue_needs_the_transaction_it_reports_on():
    with pytest.raises(AssertionError, match="transaction"):
        enqueue(lane="lane", subject="s", key="k", payload={}, now=MONDAY_9H)


@pytest.mark.django_db
class TestEnqueueMany:
    def test_gives_each_its_verdict_and_fails_none_for_another(self):
        put("there")
        put("other")

        with transaction.atomic():
            verdicts = enqueue_many(
                [
                    message("new"),
                    message("there"),
                    message("other", {"a": 2}),
                    message("twice"),
                    message("twice"),
                    message("differs"),
                    message("differs", {"a": 3}),
                ],
                now=MONDAY_9H,
            )

        added, repeat, clash = Added.ADDED, Added.REPEAT, Added.CLASH
        assert verdicts == [added, repeat, clash, added, repeat, added, clash]
        assert Delivery.objects.count() == 5

    def test_numbers_them_in_the_order_given(self):
        keys = ["z", "a", "m", "b"]

        with transaction.atomic():
            enqueue_many([message(key) for key in keys], now=MONDAY_9H)

        assert list(Delivery.objects.order_by("id").values_list("key", flat=True)) == keys

    def test_of_nothing_is_nothing(self):
        with transaction.atomic():
            assert enqueue_many([], now=MONDAY_9H) == []


@pytest.mark.django_db(transaction=True)
class TestEnqueueSet:
    async def test_writes_the_same_rows_on_any_connection(self):
        conn = await async_connect()
        async with conn, conn.transaction():
            verdicts = await enqueue_set(
                conn, [message("a"), message("b"), message("a", {"x": 1})], now=MONDAY_9H
            )

        assert verdicts == [Added.ADDED, Added.ADDED, Added.CLASH]

    async def test_needs_an_open_transaction(self):
        conn = await async_connect()
        async with conn:
            with pytest.raises(AssertionError, match="transaction"):
                await enqueue_set(conn, [message("a")], now=MONDAY_9H)

    async def test_sets_that_share_keys_wait_for_each_other_and_never_deadlock(self):
        keys = [f"{number:03}" for number in range(60)]

        async def hand_in(order):
            conn = await async_connect()
            async with conn:
                await conn.execute("SET deadlock_timeout = '50ms'")
                async with conn.transaction():
                    return await enqueue_set(conn, [message(k) for k in order], now=MONDAY_9H)

        results = await asyncio.gather(*(hand_in(keys if n % 2 else keys[::-1]) for n in range(6)))

        assert sum(verdicts.count(Added.ADDED) for verdicts in results) == len(keys)
        assert sum(verdicts.count(Added.CLASH) for verdicts in results) == 0


@pytest.mark.django_db
class TestTable:
    def row(self, **more):
        values = {
            "lane": "lane", "subject": "s", "key": "k", "digest": b"", "key_id": "t",
            "payload": b"", "urgency": 1, "due_at": MONDAY_9H, "created_at": MONDAY_9H,
            "owed_at": MONDAY_9H,
        }  # fmt: skip
        return Delivery(**values | more)

    @pytest.mark.parametrize(
        "half",
        [
            {"state": "leased"},
            {"state": "leased", "lease_expires_at": MONDAY_9H},
            {"state": "waiting", "lease_expires_at": MONDAY_9H},
            {"state": "accepted", "is_open": True, "settled_at": MONDAY_9H},
            {"state": "accepted", "is_open": False},
            {"state": "refused", "is_open": False},
            {"state": "waiting", "is_open": False},
            {"state": "gone"},
            {"urgency": 3},
        ],
    )
    def test_refuses_half_a_lease_and_half_an_end(self, half):
        with pytest.raises(IntegrityError), transaction.atomic():
            self.row(**half).save()

    def test_refuses_two_leases_on_one_subject(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT gen_random_uuid()")
            token = cursor.fetchone()[0]
        leased = {"state": "leased", "lease_token": token, "lease_expires_at": MONDAY_9H}
        self.row(**leased).save()

        with pytest.raises(IntegrityError), transaction.atomic():
            self.row(key="other", **leased).save()
