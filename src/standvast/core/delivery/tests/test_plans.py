"""How the turns at a lane are planned: by index, whatever the statistics say of yesterday."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from standvast.core.delivery.api import Message, enqueue_many
from standvast.core.delivery.courier import CONNECTION_OPTIONS
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.testing import MONDAY_9H
from standvast.database.api import named_sql

BY_KEY = "delivery_once_per_lane_key"


def fill(lane, count):
    for _ in range(count // 5_000):
        enqueue_many(
            [Message(lane, str(uuid.uuid4()), str(uuid.uuid4()), {}) for _ in range(5_000)],
            now=MONDAY_9H,
        )


def planned(cursor, statement, parameters):
    for option in CONNECTION_OPTIONS.split("-c ")[1:]:
        name, value = option.strip().split("=")
        if name.startswith("enable_"):
            cursor.execute(f"SET LOCAL {name} = {value}")
    cursor.execute("EXPLAIN " + named_sql(PACKAGE, statement), parameters)
    return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
class TestALaneThatWasEmptyWhenStatisticsWereTaken:
    @pytest.fixture
    def cursor(self):
        """A lane that filled after the planner had last looked at the table."""
        fill("yesterday", 15_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE delivery_delivery")
            cursor.execute("TRUNCATE delivery_delivery")
            fill("today", 10_000)
            yield cursor

    def test_leases_without_reading_the_lane_for_each_delivery(self, cursor):
        plan = planned(
            cursor,
            "lease",
            {
                "lane": "today",
                "limit": 250,
                "width": 1_000,
                "newest": 50,
                "now": MONDAY_9H,
                "token": uuid.uuid4(),
                "expires_at": MONDAY_9H + timedelta(seconds=60),
                "courier": None,
                "lock_class": 1,
            },
        )

        assert "delivery_open" in plan
        assert BY_KEY not in plan
