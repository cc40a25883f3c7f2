"""What other modules hear of orders, in the transaction that moves them; nothing unasked."""

from datetime import timedelta

import pytest

from standvast.care.campaigns.operations.orders import cancel_order, change_order
from standvast.care.campaigns.rules import ChangeTooLate
from standvast.care.campaigns.testing import a_practice, a_season, day_dates, invite
from standvast.care.campaigns.tests.test_commit import actor, run, take
from standvast.core.delivery.api import (
    LANES,
    SUBSCRIPTIONS,
    Subscription,
    subscriber_lane,
)
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.sealing import opened
from standvast.database.api import database_now
from standvast.events.campaigns import OrderCancelled, OrderChanged, OrderPlaced
from standvast.kit.wiring import rewired

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def season(now):
    return a_season(now=now)


@pytest.fixture
def practice(season):
    found = a_practice()
    invite(season, found)
    return found


@pytest.fixture
def heard():
    lane = subscriber_lane("ear", title="ear")
    with rewired(
        LANES.filled(lane),
        SUBSCRIPTIONS.filled(
            *(
                Subscription(event, "ear", lambda *_, **__: None)
                for event in (OrderPlaced, OrderChanged, OrderCancelled)
            )
        ),
    ):
        yield


def told() -> list[dict]:
    rows = Delivery.objects.filter(lane="ear").order_by("id")
    return [
        dict(opened(bytes(row.payload), key_id=row.key_id, lane="ear", key=row.key)) for row in rows
    ]


class TestPublished:
    def test_tells_each_step_of_an_order_once(self, heard, season, practice, now):
        first, second, _ = day_dates(season.id)
        [kept] = run(take(season, practice, first, final=True))
        doing = {"order_id": kept.order.id, "actor": actor(practice), "now": now}
        change_order(**doing, on=second, doses=200, version=1)
        cancel_order(**doing, version=2)

        found = told()
        assert [event["event"] for event in found] == [
            "campaigns.order_placed.v1",
            "campaigns.order_changed.v1",
            "campaigns.order_cancelled.v1",
        ]
        placed, changed, cancelled = (event["with"] for event in found)
        assert (placed["season"], placed["doses"], placed["version"]) == (season.slug, 100, 1)
        assert placed["delivery_on"] == first.isoformat()
        assert (changed["delivery_on"], changed["doses"]) == (second.isoformat(), 200)
        assert cancelled["version"] == 3
        assert {event["order_id"] for event in (placed, changed, cancelled)} == {str(kept.order.id)}

    def test_tells_nothing_of_a_hold_or_of_a_change_that_is_refused(
        self, heard, season, practice, now
    ):
        first, second, _ = day_dates(season.id)
        run(take(season, practice, first))
        assert told() == []

        [kept] = run(take(season, practice, first, final=True))
        count = len(told())
        with pytest.raises(ChangeTooLate):
            change_order(
                order_id=kept.order.id, actor=actor(practice), on=second, doses=200, version=1,
                now=now + timedelta(days=70),
            )  # fmt: skip
        assert len(told()) == count

    def test_writes_nothing_when_nobody_subscribes(self, season, practice, now):
        [kept] = run(take(season, practice, day_dates(season.id)[0], final=True))
        cancel_order(order_id=kept.order.id, actor=actor(practice), now=now, version=1)

        lanes = set(Delivery.objects.values_list("lane", flat=True))
        assert lanes == {"campaigns.confirmation"}
