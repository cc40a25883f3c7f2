"""What an installation shows of its build: every walk, and nothing of another build."""

from datetime import UTC, datetime, timedelta

import pytest

from standvast.care.launches.rules.contract import FAR
from standvast.care.launches.testing import a_target, walked
from standvast.core.health.api import FLEETS, PROBES, WALK, Probe
from standvast.core.health.testing import stand
from standvast.desk.releases.api import EVIDENCE, Result
from standvast.kit.wiring import rewired, wired
from standvast.project.evidence.walks import FAR_SIDE, WALKS, running_digest, walks_shown
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def _never(context):
    raise AssertionError


def a_walk(name):
    return Probe(name, "sign-in", _never, kind=WALK)


@pytest.fixture
def walks():
    other = Probe("pages.ready", "pages", _never, kind="http")
    with rewired(PROBES.filled(a_walk("sign-in.walk"), other)):
        yield


@pytest.fixture
def target(settings):
    settings.OUTSIDE = "http://127.0.0.1:1"
    a_target(a_colleague(Role.OPERATOR_LEAD).actor, now=NOW)


def shown(now=NOW):
    found = walks_shown(running_digest(), now)
    assert found is not None
    return found


def green(name, now=NOW):
    stand(name, target="sign-in", is_red=False, now=now)


class TestWalksShown:
    def test_is_ok_when_every_walk_passed_in_and_out(self, walks, target):
        green("sign-in.walk")
        walked("orders", now=NOW)

        found = shown()

        assert (found.gate, found.result, found.at) == ("walks", Result.OK, NOW)
        assert found.figures == {"passed": 2, "failed": 0, "far_side_down": 0, "not_walked": 0}

    def test_names_the_one_that_failed(self, walks, target):
        green("sign-in.walk")
        walked("orders", now=NOW, code="launches.signs_in")

        found = shown()

        assert (found.result, found.figures["failed"]) == (Result.FAILED, 1)
        assert "launches.out.orders" in found.sentence

    @pytest.mark.parametrize("code", sorted(FAR_SIDE))
    def test_decides_nothing_while_the_other_side_is_away(self, walks, target, code):
        green("sign-in.walk")
        walked("orders", now=NOW, code=code, seconds=5, status=500)

        found = shown()

        assert (found.result, found.figures["far_side_down"]) == (Result.INCONCLUSIVE, 1)

    def test_what_was_not_walked_lately_has_shown_nothing(self, walks, target):
        green("sign-in.walk")
        walked("orders", now=NOW - timedelta(hours=1))

        assert shown().result is Result.INCONCLUSIVE
        assert shown().figures["not_walked"] == 1

    def test_nothing_walked_is_not_ok(self):
        with rewired(PROBES.filled(), FLEETS.filled()):
            assert shown().result is Result.INCONCLUSIVE

    def test_says_nothing_of_a_build_that_does_not_run_here(self, walks):
        assert walks_shown("0" * 64, NOW) is None

    def test_knows_the_codes_of_launches_that_say_so(self):
        assert FAR_SIDE == FAR

    def test_is_asked_by_every_check(self):
        assert WALKS in wired(EVIDENCE)
