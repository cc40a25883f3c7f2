"""What the drill makes of what it saw: each line fails for what it is about."""

from dataclasses import replace

import pytest

from standvast.drills.frame.history import Answer, Told
from standvast.drills.release import measure
from standvast.drills.release.criteria import CRITERIA, DESK_LINES
from standvast.drills.release.people import insured_numbers
from standvast.drills.release.truth import Stored

AT = 1_000.0
WHOLE = Stored(is_registered=True, coverage="insured", is_claimed=True)
STOPPED = {"reached": False, "said": "", "code": "x"}


def told(act, key, answer=Answer.OK, *, detail="", at=AT):
    return Told(0, act, f"0 {key}", answer, at, at, detail)


def finding(target, variant, after_s):
    return {"target": target, "variant": variant, "probe": "p", "opened_at": AT + after_s}


def telling(component="launches", *, audience="external", major_at=AT, told_at=AT + 9):
    return {
        "component": component, "audience": audience, "major_at": major_at, "told_at": told_at,
    }  # fmt: skip


@pytest.fixture
def good():
    return measure.Seen(
        changes=dict.fromkeys("abcd", STOPPED),
        broken_at=AT,
        findings=[
            finding("launches", "diagnostics", 22),
            finding("reset>address-check", "e-mail address", 31),
        ],
        created=[told("create", "999950002", detail="id-1")],
        looked=[told("look", "/claims/")],
        gone=[told("go", "orders"), told("go", "diagnostics", Answer.FAIL)],
        resets=[told("reset", "a@practice.example")],
        written=[told("write", "enrol"), told("claim", "")],
        mailed=frozenset({"a@practice.example"}),
        stored={"id-1": WHOLE},
        tellings=[telling()],
        attempts=[{"component": "launches", "is_solved": False, "said": "red"}],
    )


def test_a_good_day_has_a_value_on_every_line_of_the_live_track(good):
    assert measure.values(good) == {
        "reached_people": 0,
        "found": 31.0,
        "work_went_on": 100.0,
        "denied_with_right": 0,
        "reset_by_email": 0,
        "notice": 9.0,
        "solved_while_red": 0,
    }
    lines = {criterion.name for criterion in CRITERIA} - DESK_LINES
    assert set(measure.values(good)) == set(measure.notes(good)) == lines


@pytest.mark.parametrize(
    ("line", "change", "value"),
    [
        ("reached_people", {"changes": {"a": STOPPED, "b": {**STOPPED, "reached": True}}}, 1),
        ("found", {"findings": [finding("launches", "diagnostics", 22)]}, None),
        ("found", {"gone": [told("go", "orders", Answer.FAIL)]}, None),
        ("work_went_on", {"created": [told("create", "1", Answer.FAIL, detail="403")]}, 0.0),
        ("work_went_on", {"stored": {"id-1": replace(WHOLE, coverage="unknown")}}, 0.0),
        ("work_went_on", {"stored": {"id-1": replace(WHOLE, is_claimed=False)}}, 0.0),
        ("work_went_on", {"created": []}, None),
        ("denied_with_right", {"looked": [told("look", "/claims/", Answer.FAIL)]}, 1),
        ("denied_with_right", {"looked": []}, None),
        ("reset_by_email", {"mailed": frozenset()}, 1),
        ("reset_by_email", {"resets": []}, None),
        ("notice", {"tellings": [telling(told_at=None)]}, None),
        ("notice", {"tellings": []}, None),
        ("notice", {"tellings": [telling(), telling(audience="internal")]}, None),
        ("solved_while_red", {"attempts": [{"component": "reset", "is_solved": True}]}, 1),
        ("solved_while_red", {"attempts": []}, None),
    ],
)
def test_a_line_fails_for_what_it_is_about(good, line, change, value):
    assert measure.values(replace(good, **change))[line] == value


def test_a_press_that_failed_is_named_beside_the_patients(good):
    seen = replace(good, written=[told("write", "enrol", Answer.FAIL, detail="409")])

    assert "1 presses failed (409)" in measure.notes(seen)["work_went_on"]


def test_another_link_that_is_called_broken_is_not_a_find(good):
    findings = [*good.findings, finding("launches", "orders", 40)]

    assert measure.values(replace(good, findings=findings))["found"] is None
    assert "launches/orders" in measure.notes(replace(good, findings=findings))["found"]


def test_a_page_refused_while_the_strict_rule_decided_is_counted_elsewhere(good):
    looked = [told("look", "/claims/", Answer.FAIL, at=AT + 1), told("look", "/claims/")]
    enforced = [(AT + 0.5, AT + 1.5)]

    assert measure.values(replace(good, looked=looked, enforced=enforced))["denied_with_right"] == 0


def test_an_internal_incident_need_not_be_told(good):
    tellings = [telling(), telling("release-line", audience="internal", told_at=None)]

    assert measure.values(replace(good, tellings=tellings))["notice"] == 9.0


def test_everybody_who_clicks_is_insured_and_somebody_else():
    numbers = list(insured_numbers())

    assert len(numbers) == len(set(numbers)) > 2_000
