"""Looks at insurance checks and claims: is a question answered, how long has the oldest waited.

The walk asks about a made-up number as a made-up practice: the insurers answer that they do not
know it, and that is an answer. It goes the way of every question, by our certificate.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from standvast.care.insurance.destinations.coverage import CannotAsk, CoverageDestination
from standvast.care.insurance.destinations.messages import CannotTell, MessageService
from standvast.care.insurance.operations.asking import LANE
from standvast.care.insurance.operations.submitting import CLAIMS
from standvast.care.insurance.rules.coverage import Path, Search
from standvast.care.insurance.views import Question
from standvast.core.delivery.api import TryLater, lane_view
from standvast.core.health.api import (
    CannotWalk,
    Probe,
    ProbeContext,
    Step,
    StepFailed,
    figure_probe,
    from_django,
    walk_probe,
)

LANE_OLD_S = 60.0
SLOW_S = 3.0
NOBODY = "999990007"
"""Passes the test, and is nobody's."""
ASKER = "01000000"


class _Asking:
    """One connection for all looks, as a courier has one."""

    def __init__(self) -> None:
        self._destination: CoverageDestination | None = None

    async def take(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del bag
        if not settings.COVERAGE_URL:
            raise CannotWalk
        today = await from_django(_today)(context)
        search = Search(Path.BSN, birth_on=today.replace(year=1960, day=1), on=today, bsn=NOBODY)
        self._destination = self._destination or CoverageDestination()
        try:
            await self._destination.ask([Question(uuid.uuid4(), search, ASKER)])
        except CannotAsk as error:
            outcome = error.outcome
            code = outcome.reason_code if isinstance(outcome, TryLater) else "coverage.refused"
            raise StepFailed(code) from error


class _Telling:
    """Asks the message service for nothing in particular, by our certificate."""

    def __init__(self) -> None:
        self._service: MessageService | None = None

    async def take(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context, bag
        if not settings.CLAIMS_URL:
            raise CannotWalk
        self._service = self._service or MessageService()
        try:
            await self._service.is_there()
        except CannotTell as error:
            outcome = error.outcome
            code = outcome.reason_code if isinstance(outcome, TryLater) else "claims.refused"
            raise StepFailed(code) from error


def _today(now: datetime) -> Any:
    return timezone.localdate(now)


def _oldest_s(lane: str) -> Callable[[datetime], float | None]:
    return lambda now: lane_view(lane, now).oldest_age_s


def _walk(name: str, target: str) -> Probe:
    return walk_probe(name, target, steps=(Step("ask", _Asking().take),), slow_after_s=SLOW_S)


PROBES_OF_INSURANCE = (
    _walk("insurers.answer", "insurers"),
    _walk("coverage.insurers", "coverage>insurers"),
    figure_probe(
        "lane.insurance.coverage",
        "coverage",
        read=from_django(_oldest_s(LANE)),
        red_over=LANE_OLD_S,
        code="health.lane_old",
    ),
    walk_probe(
        "claims.insurers",
        "claims>insurers",
        steps=(Step("ask", _Telling().take),),
        slow_after_s=SLOW_S,
    ),
    figure_probe(
        "lane.insurance.claims",
        "claims",
        read=from_django(_oldest_s(CLAIMS)),
        red_over=LANE_OLD_S,
        code="health.lane_old",
    ),
)
