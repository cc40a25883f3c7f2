"""The rule of releases: every test case of its table, and what must hold whatever comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.desk.releases.rules.answer import Candidate, Verdict, may_release
from standvast.desk.releases.rules.calendar import Calendar
from standvast.desk.releases.rules.cdevents import TYPES, Told, event_of
from standvast.desk.releases.rules.digest import PARTS, digest_of
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import GATES, gates_for, judge
from standvast.desk.releases.rules.road import ORDER, NotItsTurn, Place, check_turn
from standvast.desk.releases.rules.states import (
    MOVES,
    HotfixFor,
    Kind,
    MoveNotAllowed,
    State,
    check_before_start,
    check_move,
)
from standvast.desk.releases.tests.golden import BUILT, DIGEST, EARLIER, GOOD, at, judged, shown

CALENDAR = Calendar()
ROAD = frozenset({Place.TEST, Place.ACCEPTANCE})
FRIDAY = "It is Friday: what breaks now stays broken over the weekend."
EVE = "It is the eve of a public holiday."
EARLY = "It is before 07:00 on the first day people work again."
SERVICE = "People are at work: working days from 07:00 until 18:00."
CHANGED = "The build changed since this was shown. Show it again of this digest."


def candidate(hotfix_for: str = "", *, judgements=None, **more) -> Candidate:
    return Candidate(
        kind=Kind.HOTFIX if hotfix_for else Kind.RELEASE,
        hotfix_for=HotfixFor(hotfix_for) if hotfix_for else None,
        judgements=judged() if judgements is None else judgements,
        **{"finished_in": ROAD} | more,
    )


def answer(when: str, what: Candidate, **more):
    found = may_release(what, at(when), calendar=CALENDAR, **more)
    said = found.reasons[0] if found.reasons else None
    return found.verdict, said.template.format(**said.values) if said else ""


class TestTheTableOfTestCases:
    def test_monday_a_script_with_a_fault(self):
        script = shown("script", faults=1, line=214)

        found = answer("05-11 22:00", candidate(judgements=judged(script)))

        assert found == (Verdict.REFUSED, "The script failed at line 214.")

    def test_tuesday_as_it_was(self):
        as_it_was = judged(
            shown("retest", digest=EARLIER),
            shown("certificate", test_issuer=True, issuer="TEST CA"),
            shown("shadow", denied=31, signed_off=0),
        )

        found = may_release(candidate(judgements=as_it_was), at("05-12 22:00"), calendar=CALENDAR)

        assert found.verdict is Verdict.REFUSED
        assert [reason.clause for reason in found.reasons] == ["retest", "certificate", "shadow"]
        assert [reason.template.format(**reason.values) for reason in found.reasons] == [
            CHANGED,
            "The certificate is from a test issuer: TEST CA.",
            "31 people would be denied what they have; 0 are signed off.",
        ]

    def test_tuesday_with_every_gate_open(self):
        assert answer("05-12 22:00", candidate()) == (Verdict.ALLOWED, "")

    @pytest.mark.parametrize(
        ("when", "hotfix_for", "verdict", "sentence"),
        [
            ("05-13 17:00", "critical", Verdict.NEEDS_APPROVER, SERVICE),
            ("05-13 22:00", "minor", Verdict.REFUSED, EVE),
            ("05-15 16:41", "minor", Verdict.REFUSED, FRIDAY),
            ("05-15 22:00", "minor", Verdict.REFUSED, FRIDAY),
            ("05-15 22:00", "major", Verdict.NEEDS_APPROVER, FRIDAY),
            ("05-18 06:30", "", Verdict.REFUSED, EARLY),
            ("05-18 12:00", "minor", Verdict.REFUSED, SERVICE),
            ("05-18 22:30", "critical", Verdict.ALLOWED, ""),
            ("05-19 22:27", "minor", Verdict.ALLOWED, ""),
        ],
    )
    def test_hotfixes_and_times(self, when, hotfix_for, verdict, sentence):
        assert answer(when, candidate(hotfix_for)) == (verdict, sentence)


class TestClauses:
    def test_an_open_critical_elsewhere_needs_the_release_manager(self):
        found = answer("05-12 22:00", candidate(), open_criticals=["ST-2026-014"])

        assert found == (
            Verdict.NEEDS_APPROVER,
            "A critical incident is open elsewhere: ST-2026-014.",
        )

    @pytest.mark.parametrize(
        ("told", "verdict"),
        [
            (None, Verdict.REFUSED),
            ("05-01 09:00", Verdict.REFUSED),
            ("04-28 22:00", Verdict.ALLOWED),
        ],
    )
    def test_what_people_notice_was_told_fourteen_days_ahead(self, told, verdict):
        what = candidate(people_notice=True, announced_at=at(told) if told else None)

        assert answer("05-12 22:00", what)[0] is verdict

    def test_a_hotfix_that_people_notice_needs_a_name(self):
        assert answer("05-19 22:00", candidate("minor", people_notice=True))[0] is (
            Verdict.NEEDS_APPROVER
        )

    def test_an_approver_lifts_what_asks_for_one_and_nothing_else(self):
        assert answer("05-15 22:00", candidate("major", is_approved=True))[0] is Verdict.ALLOWED
        assert answer("05-15 22:00", candidate("minor", is_approved=True))[0] is Verdict.REFUSED

    def test_a_belgian_holiday_bars_whoever_has_belgian_customers(self):
        eve = at("07-20 22:00")
        both = Calendar(regions=("nl", "be"))

        assert may_release(candidate(), eve, calendar=CALENDAR).verdict is Verdict.ALLOWED
        assert may_release(candidate(), eve, calendar=both).verdict is Verdict.REFUSED

    def test_no_gate_at_all_is_no_leave(self):
        assert answer("05-12 22:00", candidate(judgements=()))[0] is Verdict.REFUSED

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("05-12 10:10", "05-12 18:00"),
            ("05-13 12:00", "05-18 18:00"),
            ("05-15 16:41", "05-18 18:00"),
            ("05-19 02:10", "05-19 02:30"),
        ],
    )
    def test_the_next_window(self, asked, found):
        assert CALENDAR.next_window(at(asked)) == at(found)


class TestGates:
    @pytest.mark.parametrize(
        ("gate", "figures", "result"),
        [
            ("retest", {"newly_skipped": 3}, Result.INCONCLUSIVE),
            ("retest", {"passed": 0}, Result.INCONCLUSIVE),
            ("retest", {"failed": 1}, Result.FAILED),
            ("certificate", {"peer_reached": False}, Result.INCONCLUSIVE),
            ("certificate", {"days_left": 30}, Result.FAILED),
            ("certificate", {"handshake": False}, Result.FAILED),
            ("script", {"rows_percent": 79}, Result.INCONCLUSIVE),
            ("script", {"lock_s": 3}, Result.FAILED),
            ("script", {"lost_rows": 1}, Result.FAILED),
            ("shadow", {"decisions": 4_999}, Result.INCONCLUSIVE),
            ("shadow", {"layers_not_judged": 1}, Result.INCONCLUSIVE),
            ("shadow", {"denied": 3}, Result.FAILED),
            ("shadow", {"declared_compared": False}, Result.INCONCLUSIVE),
            ("walks", {"far_side_down": 1}, Result.INCONCLUSIVE),
            ("walks", {"failed": 1}, Result.FAILED),
            ("way_back", {"lost_rows": 1}, Result.FAILED),
            ("way_back", {"written_rows": 0}, Result.INCONCLUSIVE),
            ("way_back", {"is_production": False}, Result.INCONCLUSIVE),
            ("certificate", {"missing": "coverage"}, Result.FAILED),
            ("certificate", {"not_yet": True}, Result.FAILED),
            ("certificate", {"weak": True}, Result.FAILED),
            ("capacity", {"spread_percent": 11}, Result.INCONCLUSIVE),
            ("capacity", {"p95_ratio": 1.3}, Result.FAILED),
            ("outside", {"day": "2026-05-11"}, Result.INCONCLUSIVE),
        ],
    )
    def test_ok_is_held_to_its_figures(self, gate, figures, result):
        evidence = shown(gate, **({"day": "2026-05-12"} | figures))
        found = {one.gate: one for one in judged(evidence, is_infrastructure=True)}

        assert found[gate].result is result
        assert [one.gate for one in found.values() if not one.is_ok] == [gate]

    def test_where_nothing_is_shown_to_anybody_there_is_no_certificate_to_hold(self):
        nothing = replace(shown("certificate"), figures={"certificates": 0})
        found = {one.gate: one for one in judged(nothing)}

        assert found["certificate"].is_ok

    def test_what_failed_without_a_figure_is_told_in_its_own_words(self):
        evidence = shown("retest", result=Result.FAILED)
        found = {one.gate: one for one in judged(replace(evidence, sentence="No disk."))}

        assert found["retest"].template.format(**found["retest"].values) == "It failed: No disk."

    def test_capacity_is_asked_of_changes_to_database_and_infrastructure_alone(self):
        assert "capacity" not in {gate.name for gate in gates_for(is_infrastructure=False)}
        assert len(gates_for(is_infrastructure=True)) == len(GATES)

    @pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
    def test_evidence_from_before_the_build_is_none(self, gate):
        early = replace(shown(gate.name, day="2026-05-12"), at=BUILT - timedelta(seconds=1))

        found = judge(gate, [early], digest=DIGEST, built_at=BUILT, planned_day="2026-05-12")

        assert (found.result, found.template) == (Result.INCONCLUSIVE, CHANGED)

    @pytest.mark.parametrize("gate", [gate for gate in GATES if gate.clauses], ids=lambda g: g.name)
    @given(data=st.data())
    def test_ok_without_one_of_its_figures_is_inconclusive(self, gate, data):
        lacking = data.draw(
            st.sampled_from(
                [name for name in GOOD[gate.name] if name not in ("issuer", "fingerprint")]
            )
        )
        evidence = shown(gate.name)
        less = {name: value for name, value in evidence.figures.items() if name != lacking}

        found = judge(
            gate,
            [replace(evidence, figures=less)],
            digest=DIGEST,
            built_at=BUILT,
            planned_day="2026-05-12",
        )

        assert found.result is Result.INCONCLUSIVE
        assert found.values == {"name": lacking}


instants = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC)
)
fixes = st.sampled_from(["", "minor", "major", "critical"])
WEAK = [shown(g.name, result=r) for g in GATES for r in (Result.FAILED, Result.INCONCLUSIVE)]
GRAVER = ["", "minor", "major", "critical"]


class TestWhateverComes:
    @given(instants, fixes, st.booleans(), st.sampled_from(WEAK))
    def test_one_gate_that_is_not_ok_refuses_whenever_and_whatever(self, when, fix, signed, weak):
        what = candidate(fix, judgements=judged(weak, is_infrastructure=True), is_approved=signed)

        assert may_release(what, when, calendar=CALENDAR).verdict is Verdict.REFUSED

    @given(instants, fixes, st.booleans(), st.booleans())
    def test_more_against_it_is_never_looser(self, when, fix, noticed, critical):
        plain = may_release(candidate(fix), when, calendar=CALENDAR)
        worse = may_release(
            candidate(fix, people_notice=noticed),
            when,
            calendar=Calendar(regions=("nl", "be")),
            open_criticals=["ST-2026-001"] if critical else [],
        )

        assert worse.verdict >= plain.verdict

    @given(instants, st.sampled_from([1, 2, 3]))
    def test_a_graver_hotfix_never_has_less_leave(self, when, graver):
        lighter = may_release(candidate(GRAVER[graver - 1]), when, calendar=CALENDAR)
        heavier = may_release(candidate(GRAVER[graver]), when, calendar=CALENDAR)

        assert heavier.verdict <= lighter.verdict

    @given(instants)
    def test_the_next_window_is_one(self, when):
        found = CALENDAR.next_window(when)

        assert found >= when
        assert may_release(candidate(), found, calendar=CALENDAR).verdict is Verdict.ALLOWED


class TestStates:
    @pytest.mark.parametrize("state", list(State))
    @pytest.mark.parametrize("target", list(State))
    def test_only_the_moves_of_the_table(self, state, target):
        if target in MOVES[state]:
            check_move(state, target)
        else:
            with pytest.raises(MoveNotAllowed):
                check_move(state, target)

    def test_what_has_started_is_not_changed(self):
        check_before_start(State.CHECKED)
        with pytest.raises(MoveNotAllowed):
            check_before_start(State.STARTED)


class TestTheRoad:
    @pytest.mark.parametrize("place", ORDER)
    @pytest.mark.parametrize("done", [(), ORDER[:1], ORDER[:2], ORDER[1:2], ORDER])
    def test_a_place_is_entered_after_all_before_it(self, place, done):
        if set(ORDER[: ORDER.index(place)]) <= set(done):
            check_turn(place, done)
        else:
            with pytest.raises(NotItsTurn):
                check_turn(place, done)

    @given(instants, fixes, st.booleans(), st.sampled_from([(), ORDER[:1], ORDER[1:2]]))
    def test_what_was_passed_by_refuses_whenever_and_whatever(self, when, fix, signed, done):
        what = candidate(fix, is_approved=signed, finished_in=done)

        assert may_release(what, when, calendar=CALENDAR).verdict is Verdict.REFUSED


TOLD = Told("5.85", DIGEST, BUILT, "https://desk.example/desk/releases/5.85/")
CONTENT = {
    "testSuiteRun": {"outcome", "environment"},
    "pipelineRun": {"pipelineName", "url"},
    "service": {"environment", "artifactId"},
}
"""What CDEvents 0.4 demands of the content of each subject that we speak of."""


class TestTheEvent:
    @pytest.mark.parametrize("act", TYPES)
    def test_has_what_its_shape_demands(self, act):
        event = event_of(act, TOLD, event_id="1")

        assert set(event) == {"context", "subject"}
        assert set(event["context"]) == {"version", "id", "source", "type", "timestamp"}
        assert set(event["subject"]) == {"id", "source", "type", "content"}
        assert CONTENT[event["subject"]["type"]] <= set(event["subject"]["content"])

    def test_a_refusal_says_why(self):
        told = replace(TOLD, is_allowed=False, reason="It is Friday.")
        content = event_of("check", told, event_id="1")["subject"]["content"]

        assert (content["outcome"], content["reason"]) == ("fail", "It is Friday.")

    def test_broken_glass_goes_with_it(self):
        event = event_of("finish", replace(TOLD, broken_clauses=["pause"]), event_id="1")

        assert event["customData"] == {"glassBroken": True, "against": ["pause"]}

    def test_says_where(self):
        event = event_of("finish", replace(TOLD, environment="acceptance"), event_id="1")

        assert event["subject"]["content"]["environment"] == {"id": "acceptance"}


class TestDigest:
    EMPTY = {part: {} for part in PARTS}

    @pytest.mark.parametrize("part", PARTS)
    def test_every_part_counts(self, part):
        assert digest_of(self.EMPTY | {part: {"a": b"1"}}) != digest_of(self.EMPTY)

    def test_the_order_of_files_does_not(self):
        one, other = {"a": b"1", "b": b"2"}, {"b": b"2", "a": b"1"}

        assert digest_of(self.EMPTY | {"code": one}) == digest_of(self.EMPTY | {"code": other})

    def test_nothing_moves_from_a_name_to_its_content(self):
        one, other = {"a": b"b1"}, {"ab": b"1"}

        assert digest_of(self.EMPTY | {"code": one}) != digest_of(self.EMPTY | {"code": other})
