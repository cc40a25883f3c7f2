"""Rules by example and by property; nothing here touches the database."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.be import nn as insz
from stdnum.nl import bsn

from standvast.desk.incidents.rules.behaviour import (
    BEHAVIOUR,
    ServiceWindow,
    acknowledged_until,
    may_page_for_age,
    page_at,
)
from standvast.desk.incidents.rules.callbacks import (
    Outcome,
    ReachRow,
    RowDone,
    TooSoon,
    callback_list,
    check_attempt,
)
from standvast.desk.incidents.rules.proofs import (
    Caller,
    Counted,
    FarSide,
    Loose,
    Proofs,
    Walk,
    missing_for_closed,
    missing_for_solved,
)
from standvast.desk.incidents.rules.severity import (
    CLASSES,
    MAY_SINK,
    TABLE,
    CallSeen,
    Evidence,
    Level,
    Reason,
    Severity,
    callers_count,
    effective,
    level_of,
    next_answer,
    override_is_overtaken,
    rule_answer,
    scope_class,
)
from standvast.desk.incidents.rules.states import (
    MOVES,
    PUBLIC_WORD,
    TITLES,
    MoveNotAllowed,
    ReasonMissing,
    Stamps,
    StampsOutOfOrder,
    State,
    check_move,
    check_reason,
    check_stamps,
    is_reopening,
)
from standvast.desk.incidents.rules.texts import (
    HoldsPatientNumber,
    TextMissing,
    TextTooLong,
    check_text,
    holds_patient_number,
)
from standvast.kit.ids import uuid7

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
states = st.sampled_from(State)
severities = st.sampled_from(Severity)
classes = st.sampled_from(CLASSES)
evidences = st.builds(
    Evidence,
    callers_count=st.integers(0, 40),
    red_variants_count=st.integers(0, 9),
    whole_red=st.booleans(),
    log_over_s=st.floats(0, 7200),
    users_count=st.none() | st.integers(0, 50),
)


class TestMoves:
    def test_are_those_of_the_facts(self):
        plain = {str(state): {str(target) for target in MOVES[state]} for state in State}
        assert plain == {
            "reported": {"investigating", "merged", "withdrawn"},
            "investigating": {"cause_known", "mitigated", "restored", "merged", "withdrawn"},
            "cause_known": {"mitigated", "restored", "investigating"},
            "mitigated": {"cause_known", "restored", "investigating"},
            "restored": {"solved", "investigating"},
            "solved": {"closed", "investigating"},
            "closed": {"investigating"},
            "merged": set(),
            "withdrawn": set(),
        }

    @given(current=states, target=states)
    def test_refuse_all_others(self, current, target):
        if target in MOVES[current]:
            check_move(current, target)
        else:
            with pytest.raises(MoveNotAllowed):
                check_move(current, target)

    @given(current=states)
    def test_lead_to_solved_only_through_restored(self, current):
        assert (State.SOLVED in MOVES[current]) == (current is State.RESTORED)

    @given(current=states)
    def test_the_only_way_back_is_to_investigating_and_asks_why(self, current):
        assume(State.INVESTIGATING in MOVES[current] and current is not State.REPORTED)
        assert is_reopening(current, State.INVESTIGATING)
        with pytest.raises(ReasonMissing):
            check_reason(current, State.INVESTIGATING, "  ")

    def test_every_state_has_a_title_and_the_shown_ones_a_public_word(self):
        assert set(TITLES) == set(State)
        assert set(State) - set(PUBLIC_WORD) == {State.MERGED, State.WITHDRAWN}


class TestStamps:
    @given(
        minutes=st.lists(st.none() | st.integers(0, 60), min_size=5, max_size=5),
        first=st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)),
    )
    def test_pass_only_when_none_runs_backwards(self, minutes, first):
        def when(value):
            return None if value is None else NOON + timedelta(minutes=value)

        mitigated, cause, restored, solved, closed = minutes
        stamps = Stamps(*(when(value) for value in (*first, *minutes)))
        began, found, declared = first
        pairs = [
            (began, found),
            (found, declared),
            (declared, mitigated),
            (declared, cause),
            (declared, restored),
            (restored, solved),
            (solved, closed),
        ]
        sound = all(a is None or b is None or a <= b for a, b in pairs)
        if sound:
            check_stamps(stamps)
        else:
            with pytest.raises(StampsOutOfOrder):
                check_stamps(stamps)

    def test_cover_every_stamp_there_is(self):
        stamps = Stamps(NOON, NOON, NOON)
        for name in {field.name for field in fields(Stamps)} - {"began_at"}:
            whole = replace(stamps, restored_at=NOON, solved_at=NOON, closed_at=NOON)
            early = replace(whole, **{name: NOON - timedelta(minutes=1)})
            with pytest.raises(StampsOutOfOrder):
                check_stamps(early)


class TestSeverity:
    def test_table_is_that_of_the_facts(self):
        rows = {
            Level.SINGLE: ("major", "major", "minor"),
            Level.SEVERAL: ("critical", "critical", "major"),
            Level.MANY: ("critical", "critical", "critical"),
        }
        assert {
            (letter, level): Severity(said)
            for level, answers in rows.items()
            for letter, said in zip(CLASSES, answers, strict=True)
        } == TABLE

    @given(evidence=evidences, function_class=classes)
    def test_more_evidence_never_sinks(self, evidence, function_class):
        more = replace(
            evidence,
            callers_count=evidence.callers_count + 1,
            whole_red=True,
            log_over_s=evidence.log_over_s + 60,
        )
        assert rule_answer(more, function_class).rank >= rule_answer(evidence, function_class).rank

    @given(evidence=evidences)
    def test_a_more_acute_class_never_asks_less(self, evidence):
        ranks = [rule_answer(evidence, letter).rank for letter in CLASSES]
        assert ranks == sorted(ranks, reverse=True)

    @pytest.mark.parametrize(
        ("letter", "callers", "level"),
        [
            ("A", 1, "single"),
            ("A", 2, "several"),
            ("B", 2, "single"),
            ("B", 3, "several"),
            ("C", 3, "several"),
            ("C", 9, "several"),
            ("C", 10, "many"),
        ],
    )
    def test_thresholds(self, letter, callers, level):
        assert level_of(Evidence(callers_count=callers), letter) == level

    def test_one_red_variant_is_single_and_the_whole_is_several(self):
        assert level_of(Evidence(red_variants_count=1), "B") is Level.SINGLE
        assert level_of(Evidence(whole_red=True), "B") is Level.SEVERAL

    def test_the_log_counts_after_a_quarter_of_an_hour(self):
        assert level_of(Evidence(log_over_s=899), "B") is Level.SINGLE
        assert level_of(Evidence(log_over_s=900), "B") is Level.SEVERAL

    def test_every_user_calling_is_many_but_a_single_user_is_not(self):
        assert level_of(Evidence(callers_count=4, users_count=4), "C") is Level.MANY
        assert level_of(Evidence(callers_count=1, users_count=1), "C") is Level.SINGLE

    @given(before=severities, fresh=severities, reason=st.sampled_from(Reason))
    def test_sinks_only_by_an_act(self, before, fresh, reason):
        after = next_answer(before, fresh, reason)
        assert after.rank >= fresh.rank
        if reason not in MAY_SINK:
            assert after.rank >= before.rank

    @given(rule=severities, then=severities, override=st.none() | severities)
    def test_a_persons_word_counts_until_the_rule_rises_above_it(self, rule, then, override):
        assert effective(rule, override) == (override or rule)
        if override_is_overtaken(rule_now=rule, rule_then=then, override=override):
            assert override is not None
            assert rule.rank > max(override.rank, then.rank)

    @pytest.mark.parametrize(
        ("letter", "whole", "share", "expected"),
        [
            ("B", False, 0.049, "C"),
            ("B", False, 0.05, "B"),
            ("B", True, 0.01, "B"),
            ("A", False, 0.01, "B"),
            ("C", False, 0.0, "C"),
            ("A", False, None, "A"),
        ],
    )
    def test_little_used_variants_are_one_class_lower(self, letter, whole, share, expected):
        assert scope_class(letter, whole=whole, used_share=share) == expected


class TestCallersCount:
    def test_five_calls_from_one_practice_are_one_caller(self):
        calls = [CallSeen("a", NOON + timedelta(minutes=m)) for m in range(5)]
        assert callers_count(calls, counted_from=NOON, now=NOON + timedelta(hours=1)) == 1

    def test_calls_two_hours_apart_still_count_together(self):
        calls = [CallSeen("a", NOON), CallSeen("b", NOON + timedelta(hours=2))]
        assert callers_count(calls, counted_from=NOON, now=NOON + timedelta(hours=2)) == 2

    @given(
        calls=st.lists(
            st.builds(
                CallSeen,
                caller=st.sampled_from("abcd"),
                received_at=st.integers(-3000, 3000).map(lambda m: NOON + timedelta(minutes=m)),
            )
        ),
        later=st.integers(0, 3000),
    )
    def test_looks_back_to_the_declaration_and_a_day_at_most(self, calls, later):
        now = NOON + timedelta(minutes=later)
        begin = max(NOON, now - timedelta(hours=24))
        expected = {call.caller for call in calls if begin <= call.received_at <= now}
        assert callers_count(calls, counted_from=NOON, now=now) == len(expected)


class TestBehaviour:
    window = ServiceWindow(is_holiday=lambda day: day == date(2026, 5, 14))
    saturday_night = datetime(2023, 8, 19, 20, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("severity", "letter", "callers", "at_once"),
        [
            ("critical", "C", 0, True),
            ("major", "A", 1, True),
            ("major", "B", 1, False),
            ("major", "B", 2, True),
            ("major", "C", 0, False),
        ],
    )
    def test_pages_out_of_hours_by_class_and_callers(self, severity, letter, callers, at_once):
        due = page_at(
            Severity(severity),
            letter,
            callers_count=callers,
            now=self.saturday_night,
            window=self.window,
        )
        monday = datetime(2023, 8, 21, 7, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
        assert due == (self.saturday_night if at_once else monday)

    def test_a_minor_one_never_pages_by_itself(self):
        assert page_at(Severity.MINOR, "A", callers_count=9, now=NOON, window=self.window) is None
        assert not may_page_for_age(Severity.MINOR, self.saturday_night, self.window)

    def test_only_major_and_critical_tell_people(self):
        assert [severity.value for severity in Severity if BEHAVIOUR[severity].tells_people] == [
            "major",
            "critical",
        ]

    def test_a_minor_acknowledgement_lasts_eight_staffed_hours(self):
        friday_16h = datetime(2026, 3, 6, 16, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
        until = acknowledged_until(Severity.MINOR, friday_16h, self.window)
        assert until == datetime(2026, 3, 9, 13, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))

    @given(minutes=st.integers(0, 60 * 24 * 400), length=st.integers(1, 60 * 30))
    def test_staffed_time_passes_only_while_open(self, minutes, length):
        start = NOON + timedelta(minutes=minutes)
        end = self.window.after_service_time(start, timedelta(minutes=length))
        assert end >= start + timedelta(minutes=length)
        local = end.astimezone(self.window.zone)
        assert time(7, 0) <= local.time() <= time(18, 0)
        assert local.weekday() < 5
        assert local.date() != date(2026, 5, 14)


GREEN = Walk("Login", is_red=False, green_count=10, green_for=timedelta(minutes=15))


class TestSolved:
    def test_all_four_proofs_leave_nothing_missing(self):
        proofs = Proofs(
            walks=[GREEN],
            recoveries=[Counted("mail", 10, 10, 9, 1, 1)],
            far_sides=[FarSide("Sciensano", confirmed=True)],
            callers=[
                Caller("P1", told=True, attempts_count=1, still_broken=False),
                Caller("P2", told=False, attempts_count=2, still_broken=False),
            ],
        )
        assert missing_for_solved(proofs) == ()

    @pytest.mark.parametrize(
        ("proofs", "named"),
        [
            (Proofs(walks=[replace(GREEN, is_red=True)]), "Login: red"),
            (Proofs(walks=[replace(GREEN, green_count=9)]), "Login: green 9 times"),
            (Proofs(walks=[replace(GREEN, green_for=timedelta(minutes=14))]), "in 14 minutes"),
            (Proofs(walks=[replace(GREEN, is_walked=False)]), "Login: nobody walked it"),
            (Proofs(recoveries=[Counted("mail", 10, 9, 9, 0, 0)]), "9 of 10 sent"),
            (Proofs(recoveries=[Counted("mail", 10, 10, 9, 0, 0)]), "1 without an answer"),
            (Proofs(recoveries=[Counted("mail", 10, 10, 9, 1, 0)]), "mail"),
            (Proofs(far_sides=[FarSide("Sciensano", confirmed=False)]), "Sciensano"),
            (Proofs(callers=[Caller("P1", False, 1, False)]), "tried 1 of 2"),
            (Proofs(callers=[Caller("P1", True, 1, True)]), "still broken"),
        ],
    )
    def test_names_what_is_missing(self, proofs, named):
        [gap] = missing_for_solved(proofs)
        assert named in str(gap)

    def test_a_quiet_log_is_no_walk_but_a_persons_walk_is(self):
        unseen = replace(GREEN, is_walked=False, green_count=0)
        assert missing_for_solved(Proofs(walks=[unseen]))
        assert not missing_for_solved(Proofs(walks=[replace(unseen, confirmed_by_hand=True)]))

    def test_red_beats_a_persons_walk(self):
        walk = replace(GREEN, is_red=True, confirmed_by_hand=True)
        assert missing_for_solved(Proofs(walks=[walk]))

    @given(st.lists(st.integers(0, 20), min_size=5, max_size=5))
    def test_counts_that_are_complete_are_sound(self, parts):
        counted = Counted("mail", *parts)
        assume(counted.is_sound())
        if counted.is_complete():
            assert counted.expected == counted.confirmed + counted.refused


class TestClosed:
    def test_needs_a_report_actions_and_nothing_loose(self):
        assert missing_for_closed(Loose(has_report=True, has_actions=True)) == ()
        assert len(missing_for_closed(Loose(has_report=False))) == 2
        assert missing_for_closed(Loose(has_report=False, reason_for_none="Eén minuut.")) == ()
        loose = Loose(True, "", True, undertakings_open=1, workarounds_adrift=2)
        assert len(missing_for_closed(loose)) == 2


class TestCallbackList:
    def row(self, name, *, until=None, begins=None, affected=True):
        return ReachRow(
            uuid7(), name, "duty", open_from=begins, open_until=until, affected=affected
        )

    def test_leaves_out_closed_unaffected_and_later_openings(self):
        rows = [
            self.row("closed", until=NOON),
            self.row("unaffected", affected=False),
            self.row("tomorrow", begins=NOON + timedelta(minutes=61)),
            self.row("soon", begins=NOON + timedelta(minutes=60), until=NOON + timedelta(hours=8)),
            self.row("night"),
            self.row("closing", until=NOON + timedelta(minutes=1)),
        ]
        assert [row.name for row in callback_list(rows, now=NOON)] == ["closing", "soon", "night"]

    def test_a_row_is_tried_again_after_ten_minutes_and_never_after_it_was_reached(self):
        with pytest.raises(TooSoon):
            check_attempt(outcome="no_answer", attempted=[NOON], now=NOON + timedelta(minutes=9))
        check_attempt(outcome="no_answer", attempted=[NOON], now=NOON + timedelta(minutes=10))
        with pytest.raises(RowDone):
            check_attempt(outcome=Outcome.REACHED, attempted=[], now=NOON)


def _bsn_of(first_eight):
    check = (
        sum(int(digit) * weight for digit, weight in zip(first_eight, range(9, 1, -1), strict=True))
        % 11
    )
    return f"{first_eight}{check}" if check < 10 else "111222333"


numbers = st.integers(1, 99_999_999).map(lambda n: _bsn_of(f"{n:08d}"))
words = st.text(alphabet="abc xyz.,-\n", max_size=20)


class TestTexts:
    @given(digits=numbers, before=words, after=words)
    def test_a_valid_bsn_is_found_wherever_it_stands(self, digits, before, after):
        assert bsn.is_valid(digits)
        with pytest.raises(HoldsPatientNumber):
            check_text(f"x{before} {digits} {after}", chars_max=200)

    @pytest.mark.parametrize(
        "text",
        [
            "BSN 111222333",
            "1112.22.333 belt",
            "nummer 111222333 12",
            "12 111222333",
            "INSZ 85.07.30-033 28",
            "85073003328",
            "111-222-333",
        ],
    )
    def test_written_ways_are_found(self, text):
        assert holds_patient_number(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Praktijk 01012345 belt om 09:32",
            "Bel 030-1234567",
            "06 12345678",
            "release 5.85",
            "111222334",
            "op 13-05-2026 om 08:39",
        ],
    )
    def test_other_numbers_pass(self, text):
        assert check_text(text, chars_max=100) == text

    def test_examples_are_valid_numbers_at_all(self):
        assert bsn.is_valid("111222333")
        assert insz.is_valid("85073003328")

    def test_bounds(self):
        with pytest.raises(TextMissing):
            check_text(" \x00 ", chars_max=9)
        with pytest.raises(TextTooLong):
            check_text("x" * 10, chars_max=9)
