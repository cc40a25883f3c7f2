"""Backoff, breaker, rate and slow start, as arithmetic."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from standvast.core.delivery import rules
from standvast.core.delivery.rules import (
    BACKOFF_FIRST_S,
    BACKOFF_MAX_S,
    ENDS,
    MOVES,
    Bounds,
    Breaker,
    Flow,
    State,
    answered,
    backoff,
    due_again,
    is_given_up,
    per_minute,
    probed,
    refilled,
    width,
)
from standvast.core.delivery.values import TryLater

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BOUNDS = Bounds(
    rate_per_s=10.0,
    burst_count=20,
    concurrency_max=8,
    breaker_after_count=3,
    breaker_pause_s=5.0,
)
jitters = st.floats(min_value=0, max_value=1, exclude_max=True)
attempts = st.integers(min_value=1, max_value=10_000)


def later_by(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class TestMoves:
    def test_ends_leave_only_by_a_persons_hand(self):
        assert MOVES[State.ACCEPTED] == frozenset()
        assert MOVES[State.REFUSED] == {State.WAITING}
        assert {State.ACCEPTED, State.REFUSED} == ENDS


class TestBackoff:
    @given(attempts_count=attempts, jitter=jitters)
    def test_stays_within_its_bounds(self, attempts_count, jitter):
        wait_s = backoff(attempts_count, jitter=jitter).total_seconds()
        assert BACKOFF_FIRST_S / 2 <= wait_s <= BACKOFF_MAX_S

    @given(attempts_count=attempts, jitter=jitters)
    def test_never_gets_shorter(self, attempts_count, jitter):
        assert backoff(attempts_count, jitter=jitter) <= backoff(attempts_count + 1, jitter=jitter)

    @given(attempts_count=attempts, jitter=jitters, asked_s=st.floats(-10, 200_000))
    def test_never_comes_before_what_the_peer_asked_for(self, attempts_count, jitter, asked_s):
        due_at = due_again(
            TryLater("x", retry_after_s=asked_s),
            attempts_count=attempts_count,
            now=NOON,
            jitter=jitter,
        )

        assert due_at >= NOON + timedelta(seconds=min(asked_s, rules.RETRY_AFTER_S_MAX))
        assert due_at >= NOON + backoff(attempts_count, jitter=jitter)
        assert due_at <= NOON + timedelta(seconds=rules.RETRY_AFTER_S_MAX)

    def test_gives_up_after_its_attempts_or_its_time(self):
        def given_up(*, attempts_count=1, age_s=0.0):
            return is_given_up(
                attempts_count=attempts_count,
                owed_at=NOON,
                now=later_by(age_s),
                attempts_max=3,
                age_s_max=60.0,
            )

        assert not given_up(attempts_count=2, age_s=59)
        assert given_up(attempts_count=3)
        assert given_up(age_s=60)


class TestRate:
    @given(takes=st.lists(st.tuples(st.floats(0, 5), st.integers(0, 40)), min_size=1, max_size=40))
    def test_never_lets_through_more_than_a_burst_and_the_rate(self, takes):
        flow, now, taken, passed_s = Flow(), NOON, 0, 0.0
        for wait_s, wanted in takes:
            now += timedelta(seconds=wait_s)
            flow = refilled(flow, BOUNDS, now=now)
            count = min(wanted, int(flow.tokens))
            flow = rules.replace(flow, tokens=flow.tokens - count)
            taken += count
            passed_s += wait_s
        assert taken <= BOUNDS.burst_count + passed_s * BOUNDS.rate_per_s + 1e-6

    def test_does_not_run_backwards_with_the_clock(self):
        flow = refilled(Flow(tokens=1.0, tokens_at=NOON), BOUNDS, now=later_by(-60))
        assert (flow.tokens, flow.tokens_at) == (1.0, NOON)


class TestBreaker:
    def faulty(self, flow, count=1, *, at=NOON):
        return answered(flow, BOUNDS, alive_count=0, faults_count=count, now=at)

    def test_opens_after_faults_in_a_row(self):
        flow = Flow()
        for _ in range(2):
            flow = self.faulty(flow)
        assert flow.breaker is Breaker.CLOSED

        flow = self.faulty(flow)

        assert (flow.breaker, flow.opened_at) == (Breaker.OPEN, NOON)
        assert width(flow, BOUNDS) == 0

    def test_a_sign_of_life_starts_the_row_anew(self):
        flow = self.faulty(self.faulty(Flow()))
        flow = answered(flow, BOUNDS, alive_count=1, faults_count=0, now=NOON)
        assert self.faulty(flow).breaker is Breaker.CLOSED

    def test_probes_with_one_after_its_pause(self):
        flow = self.faulty(Flow(), 3)
        assert probed(flow, BOUNDS, now=later_by(4.9)).breaker is Breaker.OPEN

        flow = probed(flow, BOUNDS, now=later_by(5))

        assert flow.breaker is Breaker.PROBING
        assert width(flow, BOUNDS) == 1

    def test_stays_open_longer_each_time_it_opens_in_a_row(self):
        flow, pauses = self.faulty(Flow(), 3), []
        for _ in range(8):
            pauses.append(rules.breaker_pause_s(flow, BOUNDS))
            flow = self.faulty(probed(flow, BOUNDS, now=later_by(10_000)))
            assert flow.breaker is Breaker.OPEN
        assert pauses == sorted(pauses)
        assert pauses[:3] == [5.0, 10.0, 20.0]
        assert pauses[-1] == rules.BREAKER_PAUSE_S_MAX

    def test_starts_slowly_after_it_closes(self):
        flow = probed(self.faulty(Flow(), 3), BOUNDS, now=later_by(60))
        widths = []
        for _ in range(4):
            flow = answered(
                flow, BOUNDS, alive_count=width(flow, BOUNDS), faults_count=0, now=later_by(60)
            )
            widths.append(width(flow, BOUNDS))
        assert widths == [2, 4, 8, 8]

    def test_late_faults_of_the_old_time_do_not_prolong_the_pause(self):
        opened = self.faulty(Flow(), 3)
        assert self.faulty(opened, 5, at=later_by(4)) == opened

    @given(
        steps=st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 100)), max_size=40
        )
    )
    def test_always_lets_through_again_in_time_and_never_too_many(self, steps):
        flow, now = Flow(), NOON
        for alive, faults, wait_s in steps:
            now += timedelta(seconds=wait_s)
            flow = probed(flow, BOUNDS, now=now)
            flow = answered(flow, BOUNDS, alive_count=alive, faults_count=faults, now=now)
            assert 0 <= width(flow, BOUNDS) <= BOUNDS.concurrency_max
            assert (flow.opened_at is None) == (flow.breaker is Breaker.CLOSED)
        after = now + timedelta(seconds=rules.BREAKER_PAUSE_S_MAX)
        assert width(probed(flow, BOUNDS, now=after), BOUNDS) >= 1

    def test_nothing_flows_while_paused(self):
        assert width(Flow(is_paused=True), BOUNDS) == 0


class TestPerMinute:
    def test_slides_over_two_minutes(self):
        assert per_minute(None, 5, 5, now=NOON) == 0
        assert per_minute(NOON, 30, 60, now=later_by(30)) == 60
        assert per_minute(NOON, 30, 60, now=later_by(90)) == 15
        assert per_minute(NOON, 30, 60, now=later_by(120)) == 0
