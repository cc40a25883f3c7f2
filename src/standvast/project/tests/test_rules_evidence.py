from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from standvast.desk.releases.api import Result
from standvast.desk.releases.rules.gates import GATES, judge
from standvast.kit.wiring import rewired
from standvast.project.evidence import rules as gathering
from standvast.project.evidence.rules import rules_in_the_shadow
from standvast.registry.access.api import (
    RIGHTS,
    Grant,
    Right,
    Role,
    except_person,
    propose_rules,
    shadow_rules,
)
from standvast.registry.access.models import Running
from standvast.registry.access.ruling.operations.running import keep_running
from standvast.registry.access.testing import a_colleague
from standvast.registry.people.api import Person

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
LATER = NOW + timedelta(seconds=1)
MINE, OTHERS = "d" * 64, "e" * 64
"""The digest of the build that these tests are, and of any other."""
SEE = Right("claims.see", frozenset({Role.GP, Role.ASSISTANT}), "see claims")
SEND = Right("claims.send", frozenset({Role.GP}), "send claims")
STRICT = """
@id("gps-only")
@sentence("Only GPs see claims")
forbid (principal, action == Action::"claims.see", resource) when { principal.role != "gp" };
"""
SHADOW = next(gate for gate in GATES if gate.name == "shadow")


@pytest.fixture(autouse=True)
def one_right(monkeypatch):
    monkeypatch.setattr(gathering, "running_digest", lambda: MINE)
    with rewired(RIGHTS.filled(SEE)):
        yield


@pytest.fixture
def assistant():
    at_work = a_colleague(Role.ASSISTANT)
    Person.objects.filter(id=at_work.person.id).update(last_login=NOW)
    return at_work


@pytest.fixture
def running(assistant):
    """What people are served by declares one right."""
    keep_running(NOW)


@pytest.fixture
def desk(assistant):
    actor = a_colleague(Role.OPERATOR).actor
    number = propose_rules(actor=actor, text=STRICT, why="w", now=NOW)
    shadow_rules(actor=actor, number=number, now=LATER)
    return actor


def excepted(actor, who):
    except_person(
        actor=actor,
        person_id=who.person.id,
        organisation_id=who.organisation.id,
        right="claims.see",
        why="w",
        until_at=LATER + timedelta(days=1),
        now=LATER,
    )


def judged(digest=MINE):
    found = rules_in_the_shadow(digest, LATER)
    shown = [] if found is None else [found]
    return judge(SHADOW, shown, digest=digest, built_at=NOW, planned_day="")


class TestRulesOnTheirWay:
    def test_refuse_with_how_many_and_the_register_says_who(self, running, desk, assistant):
        found = rules_in_the_shadow(MINE, LATER)

        assert assistant.person.display_name in found.sentence
        assert assistant.person.display_name not in str(found.figures)
        assert judged().result is Result.FAILED
        assert judged().values["denied"] == 1

    def test_open_when_each_is_signed_off_by_name_with_an_end(self, running, desk, assistant):
        excepted(desk, assistant)

        assert judged().is_ok

    def test_are_not_decided_by_a_report_of_another_build(self, running, desk):
        with rewired(RIGHTS.filled(SEE, SEND)):
            assert judged().result is Result.INCONCLUSIVE

    def test_are_told_of_another_build_too_but_decide_nothing_for_it(self, desk, assistant):
        assert judged(OTHERS).result is Result.FAILED
        excepted(desk, assistant)

        assert judged(OTHERS).result is Result.INCONCLUSIVE


class TestWhatABuildDeclares:
    def test_is_fine_when_it_is_what_runs(self, running):
        found = rules_in_the_shadow(MINE, LATER)

        assert judged().is_ok
        assert found.figures["running"] == Running.objects.get().digest
        assert found.sentence == ""

    def test_that_takes_a_role_from_a_right_is_refused_with_the_names(self, running, assistant):
        stricter = replace(SEE, roles=frozenset({Role.GP}))
        with rewired(RIGHTS.filled(stricter)):
            found = rules_in_the_shadow(MINE, LATER)

            assert judged().result is Result.FAILED
        assert found.figures["denied"] == 1
        assert f"would lose: {assistant.person.display_name}" in found.sentence
        assert "claims.see" in found.sentence

    def test_that_comes_to_need_a_grant_nobody_has_is_refused_too(self, running, assistant):
        needs = replace(SEE, grant=Grant.FINANCIAL, is_granted_only=True)
        with rewired(RIGHTS.filled(needs)):
            assert judged().result is Result.FAILED

    def test_is_signed_off_by_an_exception_with_an_end(self, running, assistant):
        excepted(a_colleague(Role.OPERATOR).actor, assistant)
        with rewired(RIGHTS.filled(replace(SEE, roles=frozenset({Role.GP})))):
            assert judged().is_ok

    def test_that_gives_more_says_to_whom(self, running, assistant):
        wider = replace(SEND, roles=frozenset({Role.GP, Role.ASSISTANT}))
        with rewired(RIGHTS.filled(SEE, wider)):
            found = rules_in_the_shadow(MINE, LATER)

            assert judged().is_ok
        assert found.figures["gained"] == 1
        assert f"would gain: {assistant.person.display_name}" in found.sentence

    def test_that_drops_a_right_takes_it_from_everybody_who_had_it(self, running, assistant):
        with rewired(RIGHTS.filled(SEND)):
            assert judged().result is Result.FAILED

    def test_that_calls_a_right_by_another_name_compares_it_with_the_old_one(
        self, running, assistant
    ):
        renamed = replace(SEE, name="claims.look", was="claims.see")
        with rewired(RIGHTS.filled(renamed)):
            assert judged().is_ok
        with rewired(RIGHTS.filled(replace(renamed, roles=frozenset({Role.GP})))):
            assert judged().result is Result.FAILED

    def test_is_not_decided_while_nobody_kept_what_runs(self, assistant):
        found = rules_in_the_shadow(MINE, LATER)

        assert found.result is Result.INCONCLUSIVE
        assert "was not kept" in found.sentence
        assert judged().result is Result.INCONCLUSIVE

    def test_is_not_decided_by_what_cannot_be_read(self, running):
        Running.objects.update(text="permit (")

        assert judged().result is Result.INCONCLUSIVE

    def test_of_another_build_cannot_be_told_here(self, running):
        assert rules_in_the_shadow(OTHERS, LATER) is None

    def test_is_kept_once_and_anew_when_another_build_runs(self, running):
        since = Running.objects.get().since
        keep_running(LATER)
        assert Running.objects.get().since == since

        with rewired(RIGHTS.filled(SEE, SEND)):
            keep_running(LATER)
        assert Running.objects.get().names == ["claims.see", "claims.send"]
        assert Running.objects.get().since == LATER
