"""What a serve process remembers of seasons and days: at most a quarter of a second old.

Read from the counters that the commit changes, never from a cache without a version. It pulls; a
wake per commit would make commits wait for each other (see docs/adr/0011-one-order-one-count.md).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg
import psycopg_pool

from standvast.care.campaigns.rules import Day, SeasonNotFound, SeasonTerms
from standvast.database.api import Pool, edge_pool, named_sql
from standvast.kit.errors import Busy
from standvast.kit.words import marked

PACKAGE = "standvast.care.campaigns"
REFRESH_S = 0.25
REFRESH_IDLE_S = 1.0
IDLE_AFTER_S = 10.0
STALE_S_MAX = 1.5
"""Older than this the calendar is not shown: better silent than wrong."""

log = logging.getLogger(__name__)


class CalendarNotFresh(Busy):
    """The counters could not be read just now."""

    code = "campaigns.calendar_not_fresh"


class DayState(msgspec.Struct, frozen=True):
    """A day as the calendar shows it."""

    on: str
    doses_left: int
    doses_max: int
    addresses_left: int
    addresses_max: int
    state: str
    version: int


@dataclass(slots=True)
class Snapshot:
    """One season as last read, and its answer, encoded once."""

    terms: SeasonTerms
    days: dict[str, DayState]
    version: int
    body: bytes


def day_state(day: Day, *, step: int) -> DayState:
    """Return what is left of a day; full means that not even one step fits."""
    if day.is_closed:
        state = "closed"
    elif day.doses_left < step:
        state = "full_doses"
    elif day.addresses_left < 1:
        state = "full_addresses"
    else:
        state = "open"
    return DayState(
        day.on.isoformat(),
        day.doses_left,
        day.doses_max,
        day.addresses_left,
        day.addresses_max,
        state,
        day.version,
    )


class SeasonBook:
    """Keeps the terms and days of every season that is not closed, in memory, for one process."""

    def __init__(
        self,
        pool: Callable[[], Pool] = edge_pool,
        *,
        sql_name: str = "calendar",
        refresh_s: float = REFRESH_S,
        stale_s_max: float = STALE_S_MAX,
    ) -> None:
        self._pool = pool
        self._sql_name = sql_name
        self._refresh_s = refresh_s
        self._stale_s_max = stale_s_max
        self._by_slug: dict[str, Snapshot] = {}
        self._read_s = float("-inf")
        self._asked_s = float("-inf")
        self._changed = asyncio.Condition()
        self._wanted = asyncio.Event()

    async def run(self) -> None:
        """Read again and again until cancelled; the rhythm slows down while nobody asks."""
        while True:
            try:
                await self.refresh()
            except (psycopg.Error, psycopg_pool.PoolTimeout, OSError) as error:
                log.warning("campaigns.calendar_not_read kind=%s", type(error).__name__)
            if time.monotonic() - self._asked_s < IDLE_AFTER_S:
                await asyncio.sleep(self._refresh_s)
            else:
                self._wanted.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(REFRESH_IDLE_S):
                        await self._wanted.wait()

    async def refresh(self) -> None:
        """Read all counters once and tell the streams what changed."""
        started_s = time.monotonic()
        async with self._pool().connection() as conn:
            cursor = await conn.execute(named_sql(PACKAGE, "read_seasons"), {"season_ids": []})
            terms = [SeasonTerms(*row) for row in await cursor.fetchall()]
            cursor = await conn.execute(
                named_sql(PACKAGE, self._sql_name), {"season_ids": [term.id for term in terms]}
            )
            rows = await cursor.fetchall()
            cursor = await conn.execute("SELECT clock_timestamp()")
            now = (await cursor.fetchall())[0][0]
        days: dict[int, dict[str, DayState]] = {term.id: {} for term in terms}
        steps = {term.id: term.step for term in terms}
        for season_id, *values in rows:
            day = _day(season_id, values)
            days[season_id][day.on.isoformat()] = day_state(day, step=steps[season_id])
        self._by_slug = {
            term.slug: _snapshot(term, days[term.id], self._by_slug.get(term.slug), now)
            for term in terms
        }
        self._read_s = started_s
        async with self._changed:
            self._changed.notify_all()

    def season(self, slug: str) -> SeasonTerms:
        """Return the terms of a season.

        :raises SeasonNotFound: if there is none, or it is closed.
        """
        return self._snapshot(slug).terms

    def calendar(self, slug: str) -> bytes:
        """Return the calendar as JSON.

        :raises SeasonNotFound: if there is no such season.
        :raises CalendarNotFresh: if the counters could not be read in time.
        """
        self._ask()
        found = self._snapshot(slug)
        if time.monotonic() - self._read_s > max(self._stale_s_max, 2 * self._refresh_s):
            raise CalendarNotFresh(
                marked("The calendar is being read again. It shows in a moment."), retry_after_s=1
            )
        return found.body

    async def changes(self, slug: str) -> AsyncIterator[tuple[str, str, str]]:
        """Yield the whole calendar, then the days that changed, as `(id, name, data)`."""
        seen: dict[str, DayState] = {}
        terms: SeasonTerms | None = None
        while True:
            self._ask()
            found = self._snapshot(slug)
            changed = [day for on, day in found.days.items() if seen.get(on) != day]
            if changed or found.terms != terms:
                data = {"season": slug, "state": found.terms.state, "days": changed}
                yield str(found.version), "days", msgspec.json.encode(data).decode()
            seen, terms = found.days, found.terms
            async with self._changed:
                await self._changed.wait()

    def _ask(self) -> None:
        self._asked_s = time.monotonic()
        self._wanted.set()

    def _snapshot(self, slug: str) -> Snapshot:
        found = self._by_slug.get(slug)
        if found is None:
            raise SeasonNotFound(marked("There is no such season."))
        return found


def _day(season_id: int, values: list[Any]) -> Day:
    day_id, *rest = values
    return Day(day_id, season_id, *rest)


def _snapshot(
    terms: SeasonTerms, days: dict[str, DayState], before: Snapshot | None, now: datetime
) -> Snapshot:
    """Return the season as it is now, keeping the encoded answer while nothing moved."""
    if before is not None and before.terms == terms and before.days == days:
        return before
    version = sum(day.version for day in days.values())
    body = msgspec.json.encode(
        {
            "season": terms.slug,
            "state": terms.state,
            "opens_at": terms.opens_at,
            "closes_at": terms.closes_at,
            "step": terms.step,
            "hold_s": terms.hold_s,
            "changed_at": now,
            "version": version,
            "days": list(days.values()),
        }
    )
    return Snapshot(terms, days, version, body)
