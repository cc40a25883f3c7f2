"""How many to let in, and what may be said about waiting."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.core.lobby.rules import (
    BUCKETS_MAX,
    BURST_S,
    MOVES,
    Flow,
    Limits,
    Load,
    Observed,
    Phase,
    PlaceState,
    admit_count,
    estimate,
    poll_after_s,
)

loads = st.builds(
    Load,
    free_holds_count=st.none() | st.integers(0, 5_000),
    page_p95_s=st.none() | st.floats(0, 30),
)
flows = st.builds(Flow, in_flight_count=st.integers(0, 5_000), finished_per_s=st.floats(0, 2_000))
seconds = st.floats(0, 3_600)
LIMITS = Limits()


class TestAdmitCount:
    @given(loads, flows, st.floats(0, 10_000), st.floats(0, 10_000), seconds)
    def test_never_passes_a_bound(self, load, flow, rate, credit, elapsed_s):
        found = admit_count(
            load, flow, LIMITS, rate_before=rate, credit=credit, elapsed_s=elapsed_s
        )

        assert LIMITS.rate_min_per_s <= found.rate_per_s <= LIMITS.rate_max_per_s
        assert 0 <= found.count <= max(0, LIMITS.in_flight_max - flow.in_flight_count)
        assert found.count <= found.rate_per_s * BURST_S + 1
        if load.free_holds_count is not None:
            assert found.count <= max(0, load.free_holds_count - flow.in_flight_count)
        assert 0 <= found.credit <= found.rate_per_s * BURST_S + 1

    @given(flows, st.floats(1, 500), st.floats(0, 10), st.floats(0, 10))
    def test_slower_pages_never_let_more_in(self, flow, rate, one_s, other_s):
        quick, slow = sorted((one_s, other_s))

        def count(p95):
            return admit_count(
                Load(None, p95), flow, LIMITS, rate_before=rate, credit=0, elapsed_s=1
            ).rate_per_s

        assert count(slow) <= count(quick)

    @given(loads, st.floats(1, 500), st.integers(0, 2_000), st.integers(0, 2_000))
    def test_more_people_inside_never_let_more_in(self, load, rate, one, other):
        few, many = sorted((one, other))

        def count(inside):
            flow = Flow(inside, 10)
            return admit_count(load, flow, LIMITS, rate_before=rate, credit=0, elapsed_s=1).count

        assert count(many) <= count(few)

    def test_unknown_page_times_are_no_reason_to_hurry(self):
        found = admit_count(Load(), Flow(0, 0), LIMITS, rate_before=400, credit=0, elapsed_s=1)

        assert found.rate_per_s == LIMITS.rate_start_per_s

    def test_bad_pages_halve_the_rate_each_second(self):
        rate = 400.0
        for _ in range(20):
            rate = admit_count(
                Load(None, 5.0), Flow(0, 1_000), LIMITS, rate_before=rate, credit=0, elapsed_s=1
            ).rate_per_s

        assert rate == LIMITS.rate_min_per_s

    def test_settles_at_the_speed_of_those_inside_and_never_fills_up(self):
        inside, rate, credit, finished = 0, 25.0, 0.0, 0.0
        for _ in range(600):
            found = admit_count(
                Load(None, 0.05), Flow(inside, finished), LIMITS,
                rate_before=rate, credit=credit, elapsed_s=1,
            )  # fmt: skip
            rate, credit = found.rate_per_s, found.credit
            finished = inside / 90  # people take a minute and a half
            inside += found.count - round(finished)

        assert inside <= LIMITS.in_flight_max
        assert finished == pytest.approx(LIMITS.in_flight_max / 90, rel=0.1)
        assert rate == pytest.approx(finished, rel=0.25)

    def test_no_free_hold_lets_nobody_in(self):
        found = admit_count(
            Load(0, 0.01), Flow(0, 50), LIMITS, rate_before=100, credit=50, elapsed_s=1
        )

        assert found.count == 0

    def test_fractions_add_up(self):
        slow = Limits(rate_min_per_s=0.3, rate_start_per_s=0.3, rate_max_per_s=0.3)
        credit, admitted = 0.0, 0
        for _ in range(100):
            found = admit_count(
                Load(), Flow(0, 0), slow, rate_before=0.3, credit=credit, elapsed_s=1
            )
            credit, admitted = found.credit, admitted + found.count

        assert admitted in (29, 30)


class TestEstimate:
    def test_says_nothing_without_having_seen_anything(self):
        assert estimate(10, ()).seconds is None
        assert estimate(10, (0, 0, 0)).seconds is None

    def test_is_reliable_after_half_a_minute_of_steadiness(self):
        assert not estimate(100, (10,) * 5).reliable
        assert estimate(100, (10,) * 6).reliable
        assert not estimate(100, (1, 20, 1, 20, 1, 20)).reliable

    @given(
        st.integers(0, 100_000),
        st.lists(st.floats(0.2, 500), min_size=1, max_size=BUCKETS_MAX),
    )
    def test_is_never_shorter_than_the_minute_says(self, ahead, rates):
        found = estimate(ahead, rates)

        if found.seconds is not None:
            assert found.seconds >= (ahead + 1) / (sum(rates) / len(rates)) * 0.999

    @given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(1, 100))
    def test_more_people_ahead_never_take_less_time(self, one, other, rate):
        few, many = sorted((one, other))

        assert estimate(few, [rate] * 6).seconds <= estimate(many, [rate] * 6).seconds

    @given(st.integers(1, 3_000), st.floats(2, 100), st.randoms(use_true_random=False))
    def test_a_reliable_one_comes_true_while_things_go_on_as_they_do(self, ahead, rate, chance):
        rates = [rate * chance.uniform(0.85, 1.15) for _ in range(BUCKETS_MAX)]
        found = estimate(ahead, rates)

        true_s = (ahead + 1) / rate
        assert found.reliable
        assert true_s * 0.8 <= found.seconds <= true_s * 1.25 + 1


class TestObserved:
    @given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 4)), max_size=60))
    def test_keeps_a_minute_and_loses_nobody_within_it(self, steps):
        observed, number, told = Observed(), 1_000, {}
        for count, gap in steps:
            number += gap
            observed = observed.with_(count, number)
            told[number] = told.get(number, 0) + count

        assert len(observed.counts) <= BUCKETS_MAX + 1
        for back, count in enumerate(reversed(observed.counts)):
            assert count == told.get(number - back, 0)

    def test_starts_afresh_after_a_long_silence(self):
        assert Observed((5, 5), 10).with_(3, 1_000) == Observed((3,), 1_000)


class TestPhases:
    def test_every_state_has_its_moves_and_a_used_place_only_ends_when_its_use_is_undone(self):
        assert set(MOVES) == set(PlaceState)
        assert MOVES[PlaceState.USED] == {PlaceState.LEFT}

    @given(st.sampled_from(Phase), st.none() | st.integers(0, 10**6), st.floats(-1e6, 1e6))
    def test_nobody_asks_more_than_once_a_second_or_less_than_four_times_a_minute(
        self, phase, ahead, to_start_s
    ):
        assert 1 <= poll_after_s(phase, ahead, to_start_s) <= 15
        assert not math.isnan(poll_after_s(phase, ahead, to_start_s))
