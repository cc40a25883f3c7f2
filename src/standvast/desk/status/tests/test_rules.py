"""Words in public, audiences, and the honest history."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.desk.status.history import Day, Span, days_of, outside, working_share
from standvast.desk.status.rules import (
    TEXT_MAX,
    AudienceNotRight,
    PeriodNotRight,
    PublicState,
    TextMissing,
    TextTooLong,
    check_audience,
    check_period,
    check_texts,
    indicator,
    is_for,
    is_on,
    public_state,
    text_in,
    worst,
)

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


WHOLE = {"known_from": datetime(2025, 1, 1, tzinfo=UTC), "now": datetime(2026, 3, 3, tzinfo=UTC)}


def midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def state(**more):
    base = {
        "function_class": "B", "verdict": "green", "is_covered": True, "variants_red_count": 0,
        "is_closed": False, "in_maintenance": False,
    }  # fmt: skip
    return public_state(**{**base, **more})


class TestPublicState:
    def test_one_red_variant_of_class_c_is_degraded_and_of_others_partial(self):
        red = {"verdict": "partly_red", "variants_red_count": 1}
        assert state(function_class="C", **red) is PublicState.DEGRADED
        assert state(function_class="B", **red) is PublicState.PARTIAL

    def test_whole_or_closed_is_major(self):
        assert state(verdict="red", variants_red_count=1) is PublicState.MAJOR
        assert state(is_closed=True) is PublicState.MAJOR

    def test_unknown_is_never_operational(self):
        assert state(verdict="unknown") is PublicState.NOT_KNOWN
        assert state(verdict="red", is_covered=False) is PublicState.NOT_KNOWN
        assert indicator([PublicState.NOT_KNOWN]) == "minor"

    def test_maintenance_is_said_as_such(self):
        assert state(verdict="red", in_maintenance=True) is PublicState.MAINTENANCE

    @given(st.lists(st.sampled_from(list(PublicState))))
    def test_none_only_when_nothing_is_wrong(self, states):
        fine = {PublicState.OPERATIONAL, PublicState.MAINTENANCE}
        assert (indicator(states) == "none") == (worst(states) in fine)


class TestWords:
    def test_another_language_when_ones_own_is_missing(self):
        assert text_in({"nl": "dicht", "fr": ""}, "fr") == "dicht"
        assert text_in({"nl": "dicht", "en": "closed"}, "en-GB") == "closed"

    def test_refuses_nothing_and_too_much(self):
        with pytest.raises(TextMissing):
            check_texts({"nl": "  "})
        with pytest.raises(TextTooLong):
            check_texts({"nl": "a" * (TEXT_MAX + 1)})

    def test_refuses_an_audience_of_nobody_and_a_period_of_nothing(self):
        with pytest.raises(AudienceNotRight):
            check_audience(())
        with pytest.raises(PeriodNotRight):
            check_period(NOON, NOON)
        check_audience(None)

    def test_a_stranger_meets_only_what_is_for_all(self):
        mine = uuid.uuid4()
        assert is_for(None, None)
        assert is_for([mine], mine)
        assert not is_for([mine], None)
        assert not is_for([mine], uuid.uuid4())

    def test_periods_are_half_open(self):
        assert is_on(NOON, NOON + timedelta(hours=1), NOON)
        assert not is_on(NOON, NOON, NOON)


hours = st.integers(min_value=-30 * 24, max_value=24)
spans = st.lists(
    st.tuples(hours, hours, st.sampled_from([0.25, 0.5, 1.0])).map(
        lambda t: Span(
            midnight(TODAY) + timedelta(hours=min(t[0], t[1])),
            midnight(TODAY) + timedelta(hours=max(t[0], t[1])),
            t[2],
        )
    ),
    max_size=8,
)


class TestHistory:
    def test_counts_an_hour_once_however_many_were_red_in_it(self):
        span = Span(NOON, NOON + timedelta(hours=1), 0.5)
        days = days_of([span, span], today=TODAY, midnight_of=midnight, **WHOLE)
        assert len(days) == 90
        assert (days[-1].on, days[-1].red_s, days[-1].weighted_s) == (TODAY, 3600, 3600)

    def test_splits_at_midnight(self):
        span = Span(midnight(TODAY) - timedelta(hours=1), midnight(TODAY) + timedelta(hours=2))
        days = days_of([span], today=TODAY, midnight_of=midnight, **WHOLE)
        assert [day.red_s for day in days[-2:]] == [3600, 7200]

    def test_maintenance_is_taken_out(self):
        span = Span(NOON, NOON + timedelta(hours=3))
        window = (NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        left = outside([span], [window])
        assert [(s.from_at.hour, s.until_at.hour) for s in left] == [(12, 13), (14, 15)]

    def test_never_says_a_hundred_when_something_was_out(self):
        days = (*tuple(Day(TODAY, 0, 0) for _ in range(89)), Day(TODAY, 1, 1))
        assert working_share(days, weighted=False) < 1

    def test_counts_only_what_was_watched(self):
        watched = {"known_from": NOON, "now": NOON + timedelta(hours=2)}
        span = Span(NOON, NOON + timedelta(hours=1))
        days = days_of([span], today=TODAY, midnight_of=midnight, **watched)
        assert [day.known_s for day in days[-2:]] == [0, 7200]
        assert working_share(days, weighted=False) == pytest.approx(0.5, abs=0.001)

    @given(spans)
    def test_weighted_is_never_worse_than_whole_and_both_stay_within_the_day(self, found):
        for day in days_of(found, today=TODAY, midnight_of=midnight, **WHOLE):
            assert 0 <= day.weighted_s <= day.red_s <= 86_400

    @given(spans, spans)
    def test_what_is_outside_never_touches_a_window(self, found, cuts):
        windows = [(cut.from_at, cut.until_at) for cut in cuts if cut.from_at < cut.until_at]
        for span in outside(found, windows):
            for start, end in windows:
                assert not (
                    span.from_at < end and start < span.until_at and span.from_at < span.until_at
                )
