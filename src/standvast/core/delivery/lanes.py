"""What a lane is: its destination, its bounds, its title. `project/wiring.py` lists them."""

from collections.abc import Callable
from dataclasses import dataclass

from standvast.core.delivery.rules import Bounds
from standvast.core.delivery.values import Destination
from standvast.kit.wiring import Slot, wired

DAY_S = 86_400


class LaneMisshapen(ValueError):
    """A lane was declared with bounds that cannot work; refused at start."""


@dataclass(frozen=True)
class Lane:
    """An ordered stream of deliveries to one destination, and every bound that it has."""

    name: str
    destination: Callable[[], Destination]
    title: str
    """Marked English; pages translate it."""
    rate_per_s: float = 50.0
    burst_count: int = 50
    concurrency_max: int = 8
    attempts_max: int = 200
    age_s_max: float = 3.0 * DAY_S
    lease_s: float = 60.0
    depth_max: int = 5_000_000
    retention_days: int = 30
    breaker_after_count: int = 5
    breaker_pause_s: float = 5.0
    holds_on_refusal: bool = False
    """Whether a refused delivery holds what follows on its subject until a person has acted."""
    exercise: bool = False
    """Whether everything on this lane is marked as an exercise."""

    def __post_init__(self) -> None:
        limits = (
            self.rate_per_s > 0,
            self.burst_count >= 1,
            1 <= self.concurrency_max <= 1_000,
            self.attempts_max >= 1,
            self.age_s_max > 0,
            self.lease_s > 0,
            self.depth_max >= 1,
            self.retention_days >= 1,
            self.breaker_after_count >= 1,
            self.breaker_pause_s > 0,
            0 < len(self.name) <= 60,
        )
        if not all(limits):
            raise LaneMisshapen(f"Lane {self.name!r} has a bound that cannot work.")

    @property
    def bounds(self) -> Bounds:
        """Return what its destination can take."""
        return Bounds(
            rate_per_s=self.rate_per_s,
            burst_count=self.burst_count,
            concurrency_max=self.concurrency_max,
            breaker_after_count=self.breaker_after_count,
            breaker_pause_s=self.breaker_pause_s,
        )


LANES: Slot[Lane] = Slot("lanes")


def lane_of(name: str) -> Lane | None:
    """Return the wired lane of this name; None if this installation does not drain it."""
    return next((lane for lane in wired(LANES) if lane.name == name), None)


def check_lease(lane: Lane, destination: Destination) -> None:
    """Pass if a lease outlives two time-outs, so that an answer finds its lease alive.

    :raises LaneMisshapen: if it does not.
    """
    if lane.lease_s <= 2 * destination.timeout_s:
        raise LaneMisshapen(
            f"Lane {lane.name!r}: lease_s must be more than twice the destination's timeout_s."
        )
