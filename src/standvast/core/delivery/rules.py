"""States, moves, backoff, breaker, rate: what a lane may do next. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from standvast.core.delivery.values import TryLater

BACKOFF_FIRST_S = 2.0
BACKOFF_MAX_S = 15 * 60.0
RETRY_AFTER_S_MAX = 24 * 3600.0
BREAKER_PAUSE_S_MAX = 60.0

GAVE_UP = "delivery.gave_up"
"""Reason of a refusal that is ours: too many attempts, or too old."""
HANDED_OVER = "delivery.handed_over"
"""Reason of a refusal that is a person's: taken off the lane, done by hand."""


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    LEASED = "leased"
    ACCEPTED = "accepted"
    REFUSED = "refused"


ENDS = frozenset({State.ACCEPTED, State.REFUSED})
MOVES: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.LEASED, State.REFUSED}),
    State.LEASED: frozenset({State.ACCEPTED, State.REFUSED, State.WAITING}),
    State.ACCEPTED: frozenset(),
    State.REFUSED: frozenset({State.WAITING}),  # only by a person, journaled
}


class Breaker(StrEnum):
    """Whether a lane offers to its peer: as usual, not at all, or one to see."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


def backoff(attempts_count: int, *, jitter: float) -> timedelta:
    """Return how long to wait after this many attempts; `jitter` in [0, 1).

    Doubles from 2 s to 15 min; the jitter takes off at most half.
    """
    doublings = min(max(attempts_count, 1) - 1, 20)
    whole_s = min(BACKOFF_FIRST_S * 2.0**doublings, BACKOFF_MAX_S)
    return timedelta(seconds=whole_s * (1.0 - jitter / 2.0))


def due_again(later: TryLater, *, attempts_count: int, now: datetime, jitter: float) -> datetime:
    """Return when to attempt again: after the backoff, and never before the peer's Retry-After."""
    due_at = now + backoff(attempts_count, jitter=jitter)
    asked_at = asked_until(later, now=now)
    return due_at if asked_at is None else max(due_at, asked_at)


def asked_until(later: TryLater, *, now: datetime) -> datetime | None:
    """Return until when the peer asked us to wait, a day at most; None if it named no time."""
    if later.retry_after_s is None:
        return None
    return now + timedelta(seconds=min(max(later.retry_after_s, 0.0), RETRY_AFTER_S_MAX))


def is_given_up(
    *, attempts_count: int, owed_at: datetime, now: datetime, attempts_max: int, age_s_max: float
) -> bool:
    """Whether a delivery that must wait again has had its attempts or its time."""
    return attempts_count >= attempts_max or now - owed_at >= timedelta(seconds=age_s_max)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a destination can take, over all couriers together."""

    rate_per_s: float
    burst_count: int
    concurrency_max: int
    breaker_after_count: int
    breaker_pause_s: float


@dataclass(frozen=True, slots=True)
class Flow:
    """How a lane flows now: its rate, its breaker, its slow start. One row in the database."""

    is_paused: bool = False
    breaker: Breaker = Breaker.CLOSED
    faults_count: int = 0
    """Faults in a row, since the last answer that showed a working peer."""
    opened_at: datetime | None = None
    openings_count: int = 0
    """Openings in a row, since the breaker last closed."""
    width_count: int = 1_000_000
    """Slow start: how many may be under way; grows with what is accepted."""
    tokens: float = 0.0
    tokens_at: datetime | None = None


def refilled(flow: Flow, bounds: Bounds, *, now: datetime) -> Flow:
    """Return the flow with the tokens of the time that passed, at most one burst."""
    if flow.tokens_at is None:
        return replace(flow, tokens=float(bounds.burst_count), tokens_at=now)
    passed_s = max(0.0, (now - flow.tokens_at).total_seconds())
    tokens = min(float(bounds.burst_count), flow.tokens + passed_s * bounds.rate_per_s)
    return replace(flow, tokens=tokens, tokens_at=max(now, flow.tokens_at))


def breaker_pause_s(flow: Flow, bounds: Bounds) -> float:
    """Return how long an open breaker stays open: doubles at each opening in a row, bounded."""
    doublings = min(max(flow.openings_count, 1) - 1, 10)
    return min(bounds.breaker_pause_s * 2.0**doublings, BREAKER_PAUSE_S_MAX)


def probed(flow: Flow, bounds: Bounds, *, now: datetime) -> Flow:
    """Return the flow with an open breaker probing once its pause has passed."""
    if flow.breaker is Breaker.OPEN and flow.opened_at is not None:
        pause = timedelta(seconds=breaker_pause_s(flow, bounds))
        if now - flow.opened_at >= pause:
            return replace(flow, breaker=Breaker.PROBING)
    return flow


def width(flow: Flow, bounds: Bounds) -> int:
    """Return how many deliveries of the lane may be under way at once."""
    if flow.is_paused or flow.breaker is Breaker.OPEN:
        return 0
    if flow.breaker is Breaker.PROBING:
        return 1
    return max(1, min(bounds.concurrency_max, flow.width_count))


def answered(
    flow: Flow, bounds: Bounds, *, alive_count: int, faults_count: int, now: datetime
) -> Flow:
    """Return the flow after a set of answers: `alive_count` from a working peer, and faults.

    Any sign of life closes the breaker; enough faults in a row open it; a fault while probing
    opens it again, for longer. Faults that were under way when it opened change nothing.
    """
    if alive_count:
        if flow.breaker is Breaker.CLOSED:
            grown = min(bounds.concurrency_max, flow.width_count + alive_count)
        else:
            grown = 1 + alive_count
        return replace(
            flow,
            breaker=Breaker.CLOSED,
            faults_count=0,
            opened_at=None,
            openings_count=0,
            width_count=min(grown, bounds.concurrency_max),
        )
    if not faults_count or flow.breaker is Breaker.OPEN:
        return flow
    faults = flow.faults_count + faults_count
    if flow.breaker is Breaker.CLOSED and faults < bounds.breaker_after_count:
        return replace(flow, faults_count=faults)
    return replace(
        flow,
        breaker=Breaker.OPEN,
        faults_count=faults,
        opened_at=now,
        openings_count=flow.openings_count + 1,
        width_count=1,
    )


def opens_next_at(flow: Flow, bounds: Bounds) -> datetime | None:
    """Return when an open breaker will probe."""
    if flow.breaker is Breaker.OPEN and flow.opened_at is not None:
        return flow.opened_at + timedelta(seconds=breaker_pause_s(flow, bounds))
    return None


def per_minute(
    minute_at: datetime | None, count: int, before_count: int, *, now: datetime
) -> float:
    """Return the answers of the last minute, from counts of this minute and the one before."""
    if minute_at is None:
        return 0.0
    passed_s = (now - minute_at).total_seconds()
    if passed_s >= 120.0:
        return 0.0
    if passed_s >= 60.0:
        return count * (120.0 - passed_s) / 60.0
    return count + before_count * (60.0 - max(0.0, passed_s)) / 60.0
