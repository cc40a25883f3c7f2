"""What people do with lanes, and what it means for the order."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from standvast.core.delivery.api import (
    LANES,
    LaneView,
    Message,
    enqueue_many,
    hand_to_person,
    lane_view,
    lane_views,
    pause_lane,
    receipt_of,
    receipts_of,
    resume_lane,
    retry_delivery,
    retry_lane,
    sweep,
)
from standvast.core.delivery.handling import (
    DeliveryEnded,
    DeliveryUnderWay,
    PayloadGone,
    WhyMissing,
)
from standvast.core.delivery.models import Delivery, LaneFlow
from standvast.core.delivery.queries import DeliveryNotFound, LaneNotFound
from standvast.core.delivery.sweeps import purge_settled, release_expired
from standvast.core.delivery.testing import MONDAY_9H, fake_lane
from standvast.core.journal.models import JournalEntry
from standvast.kit.actor import Actor
from standvast.kit.wiring import rewired

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_sweeps_are_due(monkeypatch):
    monkeypatch.setattr("standvast.core.delivery.sweeps._ran_at", {})


OPERATOR = Actor(person_id=uuid.uuid4(), organisation_id=uuid.uuid4(), role="operator")
WHO = {"actor": OPERATOR, "now": MONDAY_9H}


@pytest.fixture(autouse=True)
def lane():
    with rewired(LANES.filled(fake_lane(retention_days=7, attempts_max=3))):
        yield


def hand_in(*keys, subject=None):
    with transaction.atomic():
        enqueue_many(
            [Message("lane", subject or key, key, {"k": key}) for key in keys], now=MONDAY_9H
        )
    return [Delivery.objects.get(key=key) for key in keys]


def becomes(row, state, **more):
    values = {"state": state, "is_open": state in ("waiting", "leased")}
    if state == "leased":
        values |= {"lease_token": uuid.uuid4(), "lease_expires_at": MONDAY_9H}
    elif state != "waiting":
        values["settled_at"] = MONDAY_9H
    Delivery.objects.filter(id=row.id).update(**values | more)


class TestPause:
    def test_shows_who_and_why_until_it_is_resumed(self):
        pause_lane(lane="lane", why=" moved ", **WHO)
        view = lane_view("lane", MONDAY_9H)
        assert (view.is_paused, view.paused_by, view.paused_why) == (
            True, OPERATOR.person_id, "moved",
        )  # fmt: skip

        resume_lane(lane="lane", **WHO)

        assert not lane_view("lane", MONDAY_9H).is_paused
        assert JournalEntry.objects.count() == 2

    def test_needs_a_reason_and_a_lane(self):
        with pytest.raises(WhyMissing):
            pause_lane(lane="lane", why="  ", **WHO)
        with pytest.raises(LaneNotFound):
            pause_lane(lane="nowhere", why="x", **WHO)
        assert not JournalEntry.objects.exists()


class TestRetry:
    def test_puts_back_what_was_refused_with_new_attempts_and_age(self):
        [row] = hand_in("a")
        becomes(row, "refused", attempts_count=3, reason_code="peer.no")
        later = MONDAY_9H + timedelta(days=2)

        retry_delivery(delivery_id=row.id, actor=OPERATOR, now=later)

        row.refresh_from_db()
        assert (row.state, row.attempts_count, row.owed_at, row.due_at) == (
            "waiting", 0, later, later,
        )  # fmt: skip
        assert row.created_at == MONDAY_9H

    def test_brings_a_later_attempt_forward(self):
        [row] = hand_in("a")
        Delivery.objects.update(due_at=MONDAY_9H + timedelta(hours=1), attempts_count=4)

        retry_delivery(delivery_id=row.id, **WHO)

        row.refresh_from_db()
        assert (row.due_at, row.attempts_count) == (MONDAY_9H, 4)

    def test_refuses_what_has_arrived_is_offered_emptied_or_unknown(self):
        arrived, offered, emptied = hand_in("a", "b", "c")
        becomes(arrived, "accepted")
        becomes(offered, "leased")
        becomes(emptied, "refused", is_purged=True)

        for row, refusal in (
            (arrived, DeliveryEnded), (offered, DeliveryUnderWay), (emptied, PayloadGone),
        ):  # fmt: skip
            with pytest.raises(refusal):
                retry_delivery(delivery_id=row.id, **WHO)
        with pytest.raises(DeliveryNotFound):
            retry_delivery(delivery_id=0, **WHO)

    def test_of_a_lane_leaves_what_somebody_has_taken_up(self):
        refused, taken, waits = hand_in("a", "b", "c")
        becomes(refused, "refused")
        becomes(taken, "refused", handed_to="Team")
        Delivery.objects.filter(id=waits.id).update(due_at=MONDAY_9H + timedelta(hours=1))
        LaneFlow.objects.create(
            lane="lane", depth_max=10, breaker="open", opened_at=MONDAY_9H, openings_count=3
        )

        assert retry_lane(lane="lane", **WHO) == 2

        assert receipt_of("lane", "b").state == "refused"
        assert LaneFlow.objects.get().breaker == "probing"


class TestHandOver:
    def test_lets_what_stands_behind_it_move_up(self):
        first, second, third = hand_in("a", "b", "c", subject="s")
        Delivery.objects.filter(id__in=[second.id, third.id]).update(is_behind=True)

        hand_to_person(delivery_id=first.id, handed_to="Team", why="by phone", **WHO)

        view = receipt_of("lane", "a")
        assert (view.state, view.reason_code) == ("refused", "delivery.handed_over")
        second.refresh_from_db()
        third.refresh_from_db()
        assert (second.is_behind, third.is_behind) == (False, True)

    def test_keeps_the_reason_of_what_the_peer_refused(self):
        [row] = hand_in("a")
        becomes(row, "refused", reason_code="peer.no")

        hand_to_person(delivery_id=row.id, handed_to="Team", why="by phone", **WHO)

        assert receipt_of("lane", "a").reason_code == "peer.no"

    def test_needs_who_and_why(self):
        [row] = hand_in("a")
        for who, why in (("", "x"), ("x", "")):
            with pytest.raises(WhyMissing):
                hand_to_person(delivery_id=row.id, handed_to=who, why=why, **WHO)


class TestSweeps:
    def test_release_what_a_dead_courier_held(self):
        sweep(MONDAY_9H)
        row, spent, behind = hand_in("a", "b", "c")
        LaneFlow.objects.get_or_create(lane="lane", defaults={"depth_max": 10})
        becomes(row, "leased", attempts_count=1)
        becomes(spent, "leased", attempts_count=3)
        Delivery.objects.filter(id=behind.id).update(subject="b", is_behind=True)

        release_expired(MONDAY_9H - timedelta(seconds=1))
        assert Delivery.objects.filter(state="leased").count() == 2
        release_expired(MONDAY_9H)

        assert receipt_of("lane", "a").state == "waiting"
        assert receipt_of("lane", "a").attempts_count == 1
        gone = receipt_of("lane", "b")
        assert (gone.state, gone.reason_code) == ("refused", "delivery.gave_up")
        behind.refresh_from_db()
        assert not behind.is_behind

    def test_empty_what_is_old_and_keep_its_receipt_and_what_needs_a_person(self):
        arrived, needs, taken, waits = hand_in("a", "b", "c", "d")
        becomes(arrived, "accepted", receipt="250 ok")
        becomes(needs, "refused")
        becomes(taken, "refused", handed_to="Team")

        purge_settled(MONDAY_9H + timedelta(days=6))
        assert not Delivery.objects.filter(is_purged=True).exists()
        purge_settled(MONDAY_9H + timedelta(days=8))

        found = dict(Delivery.objects.values_list("key", "is_purged"))
        assert found == {"a": True, "b": False, "c": True, "d": False}
        assert bytes(Delivery.objects.get(key="a").payload) == b""
        assert receipt_of("lane", "a").receipt == "250 ok"
        assert waits.key == "d"

    def test_count_what_waits_its_oldest_and_what_is_held_up(self):
        LaneFlow.objects.create(lane="lane", depth_max=10)
        hand_in("a", "b", subject="s")
        hand_in("c")

        sweep(MONDAY_9H + timedelta(minutes=1))

        view = lane_view("lane", MONDAY_9H + timedelta(minutes=1))
        assert (view.depth_count, view.held_count, view.oldest_age_s) == (3, 1, 60.0)

    def test_bring_forward_what_was_stranded(self):
        LaneFlow.objects.create(lane="lane", depth_max=10)
        first, _ = hand_in("a", "b", subject="s")
        Delivery.objects.update(is_behind=True)

        sweep(MONDAY_9H)

        assert list(Delivery.objects.filter(is_behind=False)) == [first]

    def test_run_when_due_however_often_they_are_called(self, django_assert_num_queries):
        sweep(MONDAY_9H)

        with django_assert_num_queries(0):
            sweep(MONDAY_9H + timedelta(seconds=0.2))
        with django_assert_num_queries(4):  # what dead couriers held, each time
            sweep(MONDAY_9H + timedelta(seconds=1))
        with django_assert_num_queries(5):
            sweep(MONDAY_9H + timedelta(seconds=5))


class TestViews:
    def test_show_lanes_before_any_courier_ran(self):
        [view] = lane_views(MONDAY_9H)
        assert isinstance(view, LaneView)
        assert (view.depth_count, view.is_wired) == (0, True)

    def test_find_receipts_by_key(self):
        hand_in("a", "b")
        assert set(receipts_of("lane", ["a", "b", "c"])) == {"a", "b"}
        assert receipt_of("lane", "c") is None
