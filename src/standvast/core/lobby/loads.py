"""What those inside meet: page times that each serve reports, places that are still free."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import psycopg_pool
from django.db.models import Max

from standvast.core.lobby.models import ServeLoad
from standvast.core.lobby.rules import Load
from standvast.database.api import edge_pool, named_sql
from standvast.kit.wiring import Slot, wired

FREE_PLACES: Slot[Callable[[str], int | None]] = Slot("lobby.free_places")
"""Asked with a lobby's slug: how many places are free to hold, or `None` if it is not theirs."""

FRESH_S = 10.0
SAMPLES_MAX = 2_000
SAMPLES_MIN = 5
REPORT_EVERY_S = 1.0
PACKAGE = "standvast.core.lobby"


class PageTimes:
    """Times of the pages that this process served to people inside; the last two thousand."""

    def __init__(self) -> None:
        self._taken: deque[tuple[float, float]] = deque(maxlen=SAMPLES_MAX)

    def note(self, seconds: float, *, at_s: float) -> None:
        """Remember one page; `at_s` is monotonic."""
        self._taken.append((at_s, seconds))

    def p95_s(self, *, at_s: float) -> tuple[float, int] | None:
        """Return the 95th percentile and the number of pages of the last ten seconds."""
        while self._taken and self._taken[0][0] < at_s - FRESH_S:
            self._taken.popleft()
        if len(self._taken) < SAMPLES_MIN:
            return None
        times = sorted(seconds for _, seconds in self._taken)
        return times[min(len(times) - 1, int(len(times) * 0.95))], len(times)


PAGE_TIMES = PageTimes()
"""Of this serve process: the edge notes, the lobby reports."""


async def report_page_times(serve: str) -> None:
    """Tell the tables each second how quick the pages of this process are; until cancelled."""
    while True:
        await asyncio.sleep(REPORT_EVERY_S)
        found = PAGE_TIMES.p95_s(at_s=time.monotonic())
        if found is None:
            continue
        values = {"serve": serve, "page_p95_s": found[0], "pages_count": found[1]}
        with contextlib.suppress(psycopg.Error, psycopg_pool.PoolTimeout):
            async with edge_pool().connection() as conn:
                await conn.execute(named_sql(PACKAGE, "report_load"), values)


def load_reported(slug: str, now: datetime) -> Load:
    """Return the slowest serve's page times of the last ten seconds, and the places still free."""
    fresh = ServeLoad.objects.filter(at__gt=now - timedelta(seconds=FRESH_S))
    slowest: float | None = fresh.aggregate(slowest=Max("page_p95_s"))["slowest"]
    free = [count for ask in wired(FREE_PLACES) if (count := ask(slug)) is not None]
    return Load(free_holds_count=sum(free) if free else None, page_p95_s=slowest)
