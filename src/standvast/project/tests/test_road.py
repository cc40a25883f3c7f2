"""In report 001 nothing could be released to test for two hours, and nobody was told."""

import asyncio
from datetime import UTC, datetime

import pytest

from standvast.core.health.api import ProbeContext, Verdict
from standvast.desk.incidents.api import Severity, on_finding, open_incidents
from standvast.desk.incidents.testing import a_desk, a_finding
from standvast.project.installation import free_port
from standvast.project.watching import ROAD, road_probes

NOW = datetime(2026, 5, 18, 13, 43, tzinfo=UTC)


def test_a_place_that_does_not_answer_is_red():
    (probe,) = road_probes([f"http://127.0.0.1:{free_port()}/"])

    seen = asyncio.run(probe.run(ProbeContext(now=NOW, deadline_s=probe.deadline_s)))

    assert (probe.target, seen.verdict) == (ROAD.slug, Verdict.RED)


@pytest.mark.django_db
def test_a_blocked_road_is_critical_and_stays_inside():
    with a_desk():
        on_finding(a_finding(ROAD.slug, at=NOW), now=NOW)

        (row,) = open_incidents(NOW)

    assert (row.severity, row.audience) == (Severity.CRITICAL, "internal")
