"""Looks at launches: a synthetic person clicks, arrives and leaves; and how people's clicks go.

The walk goes through the same door as everybody: a token of a system of our own, for a practice and
a patient that nobody sees.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from standvast.care.launches.queries.arriving import Refusals, most_refused
from standvast.care.launches.synthetic import PATIENT
from standvast.care.launches.walker import WALKER
from standvast.core.health.api import (
    WHOLE,
    Observation,
    Probe,
    ProbeContext,
    Step,
    StepFailed,
    Visitor,
    from_django,
    green,
    red,
    walk_probe,
)
from standvast.kit.words import marked

WALK_EVERY_S = 20.0
"""Two looks tell within a minute; each is a sign-in that the journal keeps."""
REFUSED_MAX = 2
"""More than this in a row is no slip of one person."""
LOOK_BACK = timedelta(minutes=15)


class _Arriving:
    """A click that arrives, is looked at, and leaves."""

    def __init__(self) -> None:
        self._visitor = Visitor(lambda: str(settings.ADDRESS))

    def steps(self) -> tuple[Step, ...]:
        """Return the walk."""
        return (
            Step("ready", self._ready),
            Step("click", self._click),
            Step("patient", self._patient),
            Step("leave", self._leave),
        )

    async def _ready(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del bag
        await WALKER.make_ready(context)
        await self._visitor.arrives()

    async def _click(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        bag["there"] = await WALKER.clicks(self._visitor)

    async def _patient(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        shown = await self._visitor.get(bag["there"])
        shown.check_ok()
        if PATIENT["family"] not in shown.text:
            raise StepFailed("not_the_patient")

    async def _leave(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context, bag
        token = self._visitor.cookie(settings.CSRF_COOKIE_NAME)
        shown = await self._visitor.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
        shown.check_led_on()


async def _refusals(context: ProbeContext) -> Observation:
    worst: Refusals | None = await from_django(_most_refused)(context)
    if worst is None or worst.count <= REFUSED_MAX:
        return green()
    return red(
        "launches.refused",
        marked("{system}: the last {count} clicks were refused ({reason})."),
        value=float(worst.count),
        system=worst.system,
        count=worst.count,
        reason=worst.reason,
    )


def _most_refused(now: datetime) -> Refusals | None:
    return most_refused(since=now - LOOK_BACK)


PROBES_OF_LAUNCHES = (
    walk_probe(
        "launches.walk",
        "launches",
        steps=_Arriving().steps(),
        slow_after_s=5.0,
        interval_s=WALK_EVERY_S,
    ),
    Probe("launches.refused", "launches", _refusals, WHOLE, "figure", 10.0, 5.0, 1, 3),
)
