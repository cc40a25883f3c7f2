"""Requests, functions and absences: what may be, without a database."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.registry.staff.rules import (
    ABSENCES_MAX,
    FUNCTION_TITLES,
    MOVES,
    AbsenceNotRight,
    Days,
    Function,
    MobileNotRight,
    RequestAnswered,
    State,
    TooManyFunctions,
    as_mobile,
    check_absence,
    check_functions,
    check_move,
    today_of,
)

MONDAY = date(2026, 3, 2)


class TestMobile:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("06 12 34 56 78", "+31612345678"),
            ("06-12345678", "+31612345678"),
            ("+31 6 12345678", "+31612345678"),
            ("0031612345678", "+31612345678"),
            ("0470 12 34 56", "+32470123456"),
            ("+32 470 123456", "+32470123456"),
            ("+49 151 23456789", "+4915123456789"),
        ],
    )
    def test_is_kept_as_it_is_called_from_anywhere(self, typed, kept):
        assert as_mobile(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        ["", "0302345678", "06 1234", "+31 30 2345678", "02 123 45 67", "bel mij", "+0612345678"],
    )
    def test_is_no_number_of_a_desk_and_no_words(self, typed):
        with pytest.raises(MobileNotRight):
            as_mobile(typed)

    @given(st.text(max_size=40))
    def test_is_a_number_or_refused(self, typed):
        with contextlib.suppress(MobileNotRight):
            assert as_mobile(typed).removeprefix("+").isdigit()


class TestMoves:
    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("wanted", State)
    def test_an_answer_is_given_once(self, state, wanted):
        if wanted in MOVES[state]:
            check_move(state, wanted)
            assert state is State.ASKED
        else:
            with pytest.raises(RequestAnswered):
                check_move(state, wanted)


class TestFunctions:
    def test_are_three_at_most(self):
        check_functions(list(Function)[:3] * 2)
        with pytest.raises(TooManyFunctions):
            check_functions(list(Function)[:4])

    def test_each_has_a_title(self):
        assert FUNCTION_TITLES.keys() == set(Function)


def days(first, last):
    return Days(MONDAY + timedelta(first), MONDAY + timedelta(last))


class TestAbsence:
    @pytest.mark.parametrize("wanted", [days(0, 0), days(-3, 0), days(5, 9), days(0, 365)])
    def test_may_be(self, wanted):
        held = [days(1, 4), days(400, 401)] if wanted == days(5, 9) else []

        assert check_absence(wanted, held=held, today=MONDAY) is None

    @pytest.mark.parametrize(
        "wanted", [days(1, 0), days(-3, -1), days(0, 366), days(731, 732), days(4, 6), days(2, 3)]
    )
    def test_may_not_be(self, wanted):
        with pytest.raises(AbsenceNotRight):
            check_absence(wanted, held=[days(1, 4)], today=MONDAY)

    def test_are_twenty_at_most(self):
        held = [days(10 * n, 10 * n + 1) for n in range(ABSENCES_MAX)]

        with pytest.raises(AbsenceNotRight):
            check_absence(days(5, 6), held=held, today=MONDAY)

    @given(st.integers(-5, 5), st.integers(0, 5), st.integers(-5, 5), st.integers(0, 5))
    def test_two_meet_when_they_share_a_day(self, first, length, other, other_length):
        one, two = days(first, first + length), days(other, other + other_length)
        shared = any(two.has(MONDAY + timedelta(d)) for d in range(first, first + length + 1))

        assert one.meets(two) == two.meets(one) == shared


class TestToday:
    def test_absence_comes_before_the_week(self):
        assert today_of(MONDAY, workdays=(0,), absences=[days(0, 4)])[1] == MONDAY + timedelta(4)
        assert today_of(MONDAY, workdays=(0,), absences=[days(1, 4)])[0] == "here today"
        assert today_of(MONDAY, workdays=(1,), absences=[])[0] == "not today"
