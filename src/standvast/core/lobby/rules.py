"""Phases, how many to let in, and what may honestly be said about waiting. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import fmean, pstdev

DRAW_GRACE = timedelta(seconds=1)
"""The draw waits this long for what reached us in time and is still being written."""
SHOWN_AFTER_S = 2.0
"""Who was let in counts as gone, in the places shown, so long after it was written: by then every
serve has read it, so all change what they show at one instant of the database's clock."""
KNOWN_S_MAX = 1.5
"""A serve whose look is older than this shows no place; the rest of the two seconds is for the
commit of what it did not see."""
STEPS_MAX = 8
PASS_S = 600
PLACES_MAX = 250_000
BUCKET_S = 5
BUCKETS_MAX = 12
BUCKETS_RELIABLE = 6
SPREAD_RELIABLE = 0.3
ESTIMATE_S_MAX = 24 * 3600
BURST_S = 2.0
FILL_S = 10.0


class LobbyState(StrEnum):
    """What a lobby is in; before the doors it is gathering too, but nobody may join."""

    GATHERING = "gathering"
    DRAWN = "drawn"
    CLOSED = "closed"


class PlaceState(StrEnum):
    """What a place is in."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    USED = "used"
    LEFT = "left"
    EXPIRED = "expired"


MOVES: dict[PlaceState, frozenset[PlaceState]] = {
    PlaceState.WAITING: frozenset({PlaceState.ADMITTED, PlaceState.LEFT}),
    PlaceState.ADMITTED: frozenset({PlaceState.USED, PlaceState.LEFT, PlaceState.EXPIRED}),
    PlaceState.USED: frozenset({PlaceState.LEFT}),
    PlaceState.LEFT: frozenset({PlaceState.WAITING}),
    PlaceState.EXPIRED: frozenset({PlaceState.WAITING, PlaceState.USED}),
}
"""Who left or let the pass expire may join again, at the end, and so may who undid what the place
was used for. A hold taken in time may still be confirmed after the pass expired."""


class Phase(StrEnum):
    """What a person is told."""

    BEFORE_DOORS = "before_doors"
    GATHERING = "gathering"
    WAITING = "waiting"
    ADMITTED = "admitted"
    USED = "used"
    LEFT = "left"
    EXPIRED = "expired"
    CLOSED = "closed"
    NOT_JOINED = "not_joined"


@dataclass(frozen=True)
class Limits:
    """How fast people may be let in. Rates in people per second."""

    rate_min_per_s: float = 1.0
    rate_start_per_s: float = 25.0
    rate_max_per_s: float = 500.0
    in_flight_max: int = 2_000
    page_p95_s_good: float = 0.3
    page_p95_s_bad: float = 1.0


@dataclass(frozen=True)
class Load:
    """What those inside meet. `None` means nobody could say."""

    free_holds_count: int | None = None
    page_p95_s: float | None = None


@dataclass(frozen=True)
class Flow:
    """What the lobby itself measures: people inside, and how fast they finish."""

    in_flight_count: int
    finished_per_s: float


@dataclass(frozen=True)
class Admission:
    """How many to let in now, at what rate, and the fraction kept for the next second."""

    count: int
    rate_per_s: float
    credit: float


def admit_count(
    load: Load, flow: Flow, limits: Limits, *, rate_before: float, credit: float, elapsed_s: float
) -> Admission:
    """Return how many people to let in.

    The rate grows by a quarter a second while pages are quick, shrinks while they are slow and
    halves while they are bad; unknown page times never make it faster than at the start. It never
    exceeds what those inside finish plus a tenth of the room that is left. The count never lets
    more people in than there is room or than there are free holds, whatever the rate. A pause of
    the one who asks is not made up for in one burst.
    """
    elapsed_s = min(max(elapsed_s, 0.0), BURST_S)
    rate = rate_before
    if load.page_p95_s is None:
        rate = min(rate, limits.rate_start_per_s)
    elif load.page_p95_s > limits.page_p95_s_bad:
        rate *= 0.5**elapsed_s
    elif load.page_p95_s > limits.page_p95_s_good:
        rate *= 0.9**elapsed_s
    else:
        rate *= 1.25**elapsed_s
    room = max(0, limits.in_flight_max - flow.in_flight_count)
    rate = min(rate, flow.finished_per_s + room / FILL_S)
    rate = min(max(rate, limits.rate_min_per_s), limits.rate_max_per_s)

    credit = min(max(credit, 0.0) + rate * elapsed_s, rate * BURST_S + 1.0)
    count = min(math.floor(credit), room)
    if load.free_holds_count is not None:
        count = min(count, max(0, load.free_holds_count - flow.in_flight_count))
    return Admission(count=count, rate_per_s=rate, credit=credit - count)


@dataclass(frozen=True)
class Estimate:
    """How long it will take, and whether that can be relied on. `None`: nothing can be said."""

    seconds: int | None
    reliable: bool


def estimate(ahead_count: int, rates_per_s: Sequence[float]) -> Estimate:
    """Return how long `ahead_count` people will take at the rates seen, newest last.

    The slower of the last quarter of a minute and the whole minute counts: rather too long than
    too short. Reliable only after half a minute of steady letting-in.
    """
    if not rates_per_s:
        return Estimate(None, reliable=False)
    mean = fmean(rates_per_s)
    rate = min(mean, fmean(rates_per_s[-3:]))
    if rate <= 0:
        return Estimate(None, reliable=False)
    seconds = math.ceil((ahead_count + 1) / rate)
    if seconds > ESTIMATE_S_MAX:
        return Estimate(None, reliable=False)
    steady = pstdev(rates_per_s) <= SPREAD_RELIABLE * mean
    return Estimate(seconds, reliable=steady and len(rates_per_s) >= BUCKETS_RELIABLE)


@dataclass(frozen=True)
class Observed:
    """How many were let in per bucket of five seconds, newest last; the last one is filling."""

    counts: tuple[int, ...] = ()
    number: int = 0
    """Which bucket of five seconds since 1970 the last one is."""

    def with_(self, count: int, number: int) -> "Observed":
        """Return what is known after `count` more in bucket `number`; older ones fall off."""
        if not self.counts or number - self.number > BUCKETS_MAX:
            return Observed((count,), number)
        counts = [*self.counts, *([0] * max(0, number - self.number))]
        counts[-1] += count
        return Observed(tuple(counts[-(BUCKETS_MAX + 1) :]), max(number, self.number))

    def rates_per_s(self) -> tuple[float, ...]:
        """Return the rates of the full buckets."""
        return tuple(count / BUCKET_S for count in self.counts[:-1])


@dataclass(frozen=True)
class Shown:
    """Up to which position people count as let in, in the places shown, from which instant on.

    The last step that counts, and those still to come; `from_s` is in seconds since 1970.
    """

    through: tuple[int, ...] = ()
    from_s: tuple[float, ...] = ()

    def at(self, now_s: float) -> int:
        """Return up to which position people count as let in at an instant."""
        for through, from_s in zip(reversed(self.through), reversed(self.from_s), strict=True):
            if from_s <= now_s:
                return through
        return 0

    def with_(self, through: int, written_s: float) -> "Shown":
        """Return what is shown after a step written just now; past steps fall off.

        A step that was announced is never changed or dropped: when there is no room, this one
        waits for the next letting-in.
        """
        past_count = sum(from_s <= written_s for from_s in self.from_s)
        kept = slice(max(0, past_count - 1), None)
        throughs, froms = self.through[kept], self.from_s[kept]
        if through <= max(throughs, default=0) or len(throughs) >= STEPS_MAX:
            return Shown(throughs, froms)
        from_s = max(written_s + SHOWN_AFTER_S, max(froms, default=0.0))
        return Shown((*throughs, through), (*froms, from_s))


def poll_after_s(phase: Phase, ahead_count: int | None, to_start_s: float) -> int:
    """Return after how many seconds the browser should ask again."""
    if phase is Phase.WAITING:
        return 1 if (ahead_count or 0) < 200 else 2 if (ahead_count or 0) < 5_000 else 4
    if phase is Phase.ADMITTED:
        return 5
    if phase in (Phase.GATHERING, Phase.BEFORE_DOORS):
        return max(1, min(10, math.ceil(to_start_s / 4)))
    return 15
