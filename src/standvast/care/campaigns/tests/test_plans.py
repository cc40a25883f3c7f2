"""How a batch is written: what it costs does not grow with the seasons that went before."""

from datetime import timedelta

import pytest
from django.db import connection

from standvast.care.campaigns.commit import PACKAGE
from standvast.care.campaigns.models import Day
from standvast.care.campaigns.testing import a_season
from standvast.database.api import database_now, named_sql


@pytest.mark.django_db
def test_a_batch_reads_no_other_days_than_its_own():
    now = database_now()
    for number in range(4):
        a_season(
            now=now - timedelta(days=365 * number),
            slug=f"flu-{number}",
            year=2020 + number,
            days_count=200,
        )
    day = Day.objects.earliest("id")
    nothing = {"orders": "[]", "stops": "[]"}
    one = {"days": f'{{"{day.id}": {{"doses": 10, "addresses": 1}}}}', "day_ids": f"{{{day.id}}}"}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_day")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + named_sql(PACKAGE, "write_batch"),
            {**nothing, **one},
        )
        plan = [row[0].strip() for row in cursor.fetchall()]

    scans = [n for n, line in enumerate(plan) if "on campaigns_day" in line and "Scan" in line]
    assert len(scans) == 1
    assert "rows=1.00" in plan[scans[0]], plan[scans[0]]
    day.refresh_from_db()
    assert (day.doses_taken, day.addresses_taken) == (10, 1)
