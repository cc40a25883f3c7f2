"""The looks at ordering: green when it works, the step named when it does not."""

import asyncio

import pytest

from standvast.care.campaigns.models import Day, Order, Season
from standvast.care.campaigns.probes import PROBES_OF_CAMPAIGNS, probe_season
from standvast.care.campaigns.queries import seasons
from standvast.core.health.api import ProbeContext, Verdict
from standvast.database.api import database_now

pytestmark = pytest.mark.django_db(transaction=True)


def look(probe):
    return asyncio.run(probe.run(ProbeContext(now=database_now(), deadline_s=10.0)))


def test_the_walk_holds_and_releases_and_nobody_sees_its_season():
    probe_season(database_now())

    seen = look(PROBES_OF_CAMPAIGNS[0])

    assert seen.verdict is Verdict.GREEN
    assert Order.objects.get().state == "released"
    assert Day.objects.get().doses_taken == 0
    assert seasons() == []


def test_the_walk_names_the_step_that_fails():
    probe_season(database_now())
    Season.objects.update(state="closed")

    seen = look(PROBES_OF_CAMPAIGNS[0])

    assert seen.verdict is Verdict.RED
    assert seen.values["step"] == "hold"
    assert seen.values["reason"] == "campaigns.season_closed"
