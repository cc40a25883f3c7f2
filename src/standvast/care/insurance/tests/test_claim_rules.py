"""Quarters, coverage on a day, states and sums: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.insurance.rules.answers import fits
from standvast.care.insurance.rules.claims import (
    MOVES,
    BundleState,
    LineState,
    MoveNotAllowed,
    Part,
    Tally,
    check_move,
    state_of,
    tally_of,
)
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.entitlement import Held, Known, Main, covered_on, held_by
from standvast.care.insurance.rules.quarters import (
    NoSuchQuarter,
    last_quarters,
    quarter_of,
    quarter_written,
)

days = st.dates(date(2001, 1, 1), date(2198, 12, 31))
cents = st.integers(min_value=-(10**9), max_value=10**9)


class TestQuarter:
    @given(day=days)
    def test_every_day_lies_in_one_quarter(self, day):
        quarter = quarter_of(day)

        assert quarter.first_on <= day <= quarter.last_on
        assert quarter.before.after == quarter == quarter_written(str(quarter))
        assert quarter.last_on + timedelta(days=1) == quarter.after.first_on

    @given(day=days, count=st.integers(1, 12))
    def test_the_last_ones_follow_each_other(self, day, count):
        found = list(last_quarters(day, count))

        assert len(found) == count
        assert found == sorted(found, reverse=True)

    @pytest.mark.parametrize(
        "text", ["", "2026", "2026-5", "2026-0", "1999-1", "２026-1", "2026-1\n"]
    )
    def test_refuses_what_names_none(self, text):
        with pytest.raises(NoSuchQuarter):
            quarter_written(text)


KNOWN = Known(Status.INSURED, date(2026, 3, 1), date(2025, 1, 1))


class TestCoveredOn:
    @pytest.mark.parametrize(
        ("day", "known", "status"),
        [
            (date(2026, 2, 1), None, Status.UNKNOWN),
            (date(2026, 2, 1), Known(Status.UNKNOWN, date(2026, 3, 1)), Status.UNKNOWN),
            (date(2025, 1, 1), KNOWN, Status.INSURED),
            (date(2024, 12, 31), KNOWN, Status.UNKNOWN),
            (date(2026, 3, 1), KNOWN, Status.INSURED),
            (date(2026, 3, 2), KNOWN, Status.UNKNOWN),
        ],
    )
    def test_an_answer_tells_of_the_days_of_its_insurance(self, day, known, status):
        assert covered_on(day, known) is status

    def test_who_is_not_insured_any_more_was_until_the_last_day(self):
        ended = Known(
            Status.NOT_INSURED, date(2026, 3, 1), date(2025, 1, 1), until_on=date(2025, 12, 31)
        )

        assert covered_on(date(2025, 12, 31), ended) is Status.INSURED
        assert covered_on(date(2026, 1, 1), ended) is Status.NOT_INSURED
        assert covered_on(date(2026, 3, 2), ended) is Status.UNKNOWN

    @given(day=days, status=st.sampled_from(Status), answered_on=days)
    def test_the_day_that_was_asked_about_is_as_was_answered(self, day, status, answered_on):
        found = covered_on(day, Known(status, answered_on))

        assert found is (status if day == answered_on else Status.UNKNOWN)


class TestHeldBy:
    @given(
        main=st.sampled_from(Main),
        done=st.integers(0, 2),
        amount=st.none() | st.integers(0, 10),
        coverage=st.sampled_from(Status),
    )
    def test_unknown_coverage_is_said_last_and_only_insured_goes(
        self, main, done, amount, coverage
    ):
        found = held_by(main, done_count=done, cents=amount, coverage=coverage)

        if found is Held.NOTHING:
            assert coverage is Status.INSURED
        if found is Held.COVERAGE_UNKNOWN:
            assert main in (Main.HERE, Main.ELSEWHERE)
            assert done
            assert amount is not None


class TestMoves:
    def test_what_was_sent_never_comes_back(self):
        for state in (LineState.SUBMITTED, LineState.APPROVED, LineState.REJECTED):
            assert not MOVES[state] & {LineState.DRAFT, LineState.IN_BUNDLE, LineState.WITHDRAWN}
        assert not MOVES[LineState.CORRECTED]

    def test_says_no_in_words(self):
        with pytest.raises(MoveNotAllowed):
            check_move(LineState.DRAFT, LineState.SUBMITTED)


@st.composite
def parts(draw):
    state = draw(st.sampled_from(LineState))
    amount = draw(cents)
    is_answered = state in (LineState.APPROVED, LineState.REJECTED, LineState.CORRECTED)
    approved = 0
    if is_answered and state is not LineState.REJECTED:
        approved = draw(st.integers(min(amount, 0), max(amount, 0)))
    return Part(
        state=state,
        cents=amount,
        approved_cents=approved,
        rejected_cents=amount - approved if is_answered else 0,
        is_answered=is_answered,
    )


class TestTally:
    @given(some=st.lists(parts(), max_size=12))
    def test_what_was_claimed_is_all_accounted_for(self, some):
        found = tally_of(some)

        assert found.reconciles
        standing = [part.cents for part in some if part.state is not LineState.WITHDRAWN]
        assert found.total_cents == sum(standing)

    @pytest.mark.parametrize(
        ("tally", "state"),
        [
            (Tally(), BundleState.COLLECTING),
            (Tally(held_count=2), BundleState.COLLECTING),
            (Tally(open_count=1, held_count=1, ready_count=5), BundleState.DECIDING),
            (Tally(ready_count=5), BundleState.READY),
            (Tally(submitted_count=5), BundleState.SUBMITTED),
            (Tally(submitted_count=5, open_count=1), BundleState.SUBMITTED),
            (Tally(submitted_count=4, answered_count=1), BundleState.PARTLY_ANSWERED),
            (Tally(answered_count=5, approved_cents=9), BundleState.ANSWERED),
            (Tally(answered_count=5), BundleState.ANSWERED),
            (Tally(answered_count=5, approved_cents=9, paid_cents=9), BundleState.PAID),
            (Tally(answered_count=5, ready_count=1, correcting_count=1), BundleState.CORRECTED),
        ],
    )
    def test_a_bundle_stands_where_its_lines_do(self, tally, state):
        assert state_of(tally) is state


class TestFits:
    @given(amount=cents, approved=cents)
    def test_never_more_than_was_claimed_nor_the_other_way(self, amount, approved):
        assert fits(amount, amount)
        assert fits(amount, 0)
        if fits(amount, approved):
            assert abs(approved) <= abs(amount)
            assert approved * amount >= 0
