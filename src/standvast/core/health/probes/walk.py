"""A walk: several steps as a synthetic person or organisation, as people would take them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from standvast.core.health.declared import WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import Watchglass, green, red, unknown
from standvast.kit.words import marked

KIND = "walk"
BROKEN = marked("{target}: the walk stops at “{step}” ({reason}).")
SLOW = marked("{target}: the walk took {seconds} seconds; {bound} is the bound.")


class StepFailed(Exception):
    """A step did not go as it should; `reason` is a code, fit for a page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotWalk(Exception):
    """The walk says nothing now: its season is closed, its person is not there."""


@dataclass(frozen=True)
class Step:
    """One step; `bag` carries what earlier steps learnt."""

    name: str
    take: Callable[[ProbeContext, dict[str, Any]], Awaitable[None]]


def walk_probe(
    name: str,
    target: str,
    *,
    steps: Sequence[Step],
    variant: str = WHOLE,
    slow_after_s: float | None = None,
    interval_s: float = 15.0,
    deadline_s: float = 10.0,
    red_after: int = 2,
    green_after: int = 3,
    without_database: bool = False,
) -> Probe:
    """Take the steps in order; the one that fails is named."""

    async def run(context: ProbeContext) -> Observation:
        glass = Watchglass()
        bag: dict[str, Any] = {}
        for step in steps:
            try:
                await step.take(context, bag)
            except CannotWalk:
                return unknown("health.cannot_walk", duration_ms=glass.ms)
            except (StepFailed, httpx.HTTPError) as error:
                return red(
                    "health.walk_broken",
                    BROKEN,
                    duration_ms=glass.ms,
                    target=target,
                    step=step.name,
                    reason=getattr(error, "reason", type(error).__name__),
                )
        took_s = glass.ms / 1000
        if slow_after_s is not None and took_s > slow_after_s:
            return red(
                "health.walk_slow",
                SLOW,
                duration_ms=glass.ms,
                value=took_s,
                target=target,
                seconds=round(took_s, 1),
                bound=round(slow_after_s, 1),
            )
        return green(glass.ms, value=took_s)

    return Probe(
        name, target, run, variant, KIND, interval_s, deadline_s, red_after, green_after,
        without_database,
    )  # fmt: skip
