"""Who counts for dashboards here, and that nobody else knows that there are any."""

import os
import subprocess
import sys
import uuid
from datetime import UTC, date, datetime

import pytest

from standvast.care.dashboards.api import SOURCES, window_at
from standvast.care.dashboards.operations.counting import keep_counted
from standvast.care.dashboards.testing import a_source
from standvast.care.insurance.models import Activity
from standvast.kit.wiring import wired
from standvast.project.parts.dashboards import GROUPED, GROUPS, reach
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague

WINDOW = window_at(date(2026, 11, 30))
DONE = (
    ("dm2", "feet", date(2026, 1, 5), 1),
    ("dm2", "feet", date(2026, 1, 6), 1),
    ("dm2", "feet", date(2026, 2, 6), 2),
    ("dm2", "yearly", date(2026, 10, 31), 1),
    ("copd", "talk", date(2025, 8, 1), 3),
    ("copd", "talk", date(2026, 11, 1), 3),
)


@pytest.mark.django_db
def test_insurance_counts_as_the_source_of_the_tests_does() -> None:
    """So what is tried with the one holds for the other."""
    here = a_colleague(Role.GP).organisation.id
    for programme, code, on, number in DONE:
        Activity.objects.create(
            organisation_id=here,
            patient_id=uuid.UUID(int=number),
            programme=programme,
            code=code,
            done_on=on,
            recorded_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
    told = [
        (programme, GROUPED.get(code, (code,)), on, uuid.UUID(int=number))
        for programme, code, on, number in DONE
    ]
    [source] = wired(SOURCES)

    found = source.count(here, WINDOW)

    assert len(found) == len(set(found))
    assert set(found) == set(a_source({here: told}).count(here, WINDOW))


def test_every_code_has_its_title() -> None:
    [source] = wired(SOURCES)

    codes = {code for path in GROUPED.values() for code in path}
    assert codes <= source.titles.keys()
    assert GROUPS.items() <= source.titles.items()


@pytest.mark.django_db
def test_an_incident_touches_those_who_looked() -> None:
    looked, other = a_colleague(Role.GP).organisation, a_colleague(Role.GP).organisation
    now = datetime.now(UTC)
    keep_counted(organisation_ids=[looked.id], now=now)

    served = reach("dashboards", (), now)

    assert served is not None
    affected = {row.organisation_id: row.affected for row in served.rows}
    assert (affected[looked.id], affected[other.id]) == (True, False)
    assert reach("launches", (), now) is None


LOADED = """
import sys, django
django.setup()
from standvast.kit.wiring import wiring
wiring()
from django.urls import get_resolver
list(get_resolver().url_patterns)
print(*sorted(name for name in sys.modules if "dashboards" in name))
"""


@pytest.mark.parametrize(
    ("only", "is_loaded"),
    [
        ("launches,insurance,campaigns,desk", False),
        ("dashboards,desk", True),
        ("dashboards,insurance,desk", True),
    ],
)
def test_it_is_there_when_it_is_asked_for_and_only_then(only: str, is_loaded: bool) -> None:
    """Launches, claims and sign-in start, with all their addresses, and load nothing of it."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "standvast.project.settings",
            "STANDVAST_ONLY": only,
        },
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert ("standvast.care.dashboards.pages" in done.stdout) is is_loaded
    assert is_loaded or done.stdout.strip() == ""
