"""Who acts on the edge: the same session, read asynchronously, remembered for at most a second.

Sessions asked for while a read is under way share the next read, so that a crowd costs two queries
a round and not two each. A wake on `access_sessions` drops what is remembered of a person at once.
"""

import asyncio
import contextlib
import re
import time
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import psycopg
from django.conf import settings
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from standvast.database.api import Pool, Wakes, as_array, edge_pool, named_sql
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy
from standvast.kit.words import marked
from standvast.registry.access import sessions
from standvast.registry.access.ruling.keeping import keep_tallies, keep_what_runs
from standvast.registry.access.ruling.memory import CHANNEL as RULES_CHANNEL
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.sessions import CHANNEL, Holder

PACKAGE = "standvast.registry.access"
REMEMBERED_S = 1.0
REMEMBERED_MAX = 20_000
DECODED_MAX = 65_536
"""About 1.5 kB each. Whoever waits in a lobby is decoded long before they order."""
RULES_EVERY_S = 1.0
ROUND_MAX = 500
_KEY = re.compile(r"[a-z0-9]{32}", re.ASCII)


class SessionsUnread(Busy):
    """The database did not answer in time about who you are."""

    code = "access.sessions_unread"


@dataclass(frozen=True, slots=True)
class _Known:
    session: Mapping[str, Any]
    holder: Holder


@dataclass(frozen=True, slots=True)
class _Remembered:
    until: float
    known: _Known | None


@lru_cache(maxsize=DECODED_MAX)
def _decoded(session_data: str) -> tuple[Mapping[str, Any], uuid.UUID | None]:
    """Return what stands in a stored session, and whose it says it is: a text says it for ever."""
    session = sessions.decoded(session_data)
    return session, sessions.person_id_in(session)


@lru_cache(maxsize=DECODED_MAX)
def _genuine(session_data: str, password: str) -> bool:
    return sessions.is_genuine(_decoded(session_data)[0], password=password)


class SessionReader:
    """Reads sessions for one serve process."""

    def __init__(
        self,
        pool: Callable[[], Pool] = edge_pool,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._remembered: dict[str, _Remembered] = {}
        self._waiting: dict[str, list[asyncio.Future[_Known | None]]] = {}
        self._round: asyncio.Task[None] | None = None
        self._drops_count = 0

    def drop(self, payload: str) -> None:
        """Forget a person's sessions; everybody's if the payload names nobody."""
        self._drops_count += 1
        kept: dict[str, _Remembered] = {}
        for key, found in self._remembered.items():
            mine = found.known is None or str(found.known.holder.person_id) == payload
            if payload and not mine:
                kept[key] = found
        self._remembered = kept

    async def actor(self, session_key: str, *, address: str) -> Actor | None:
        """Return who acts in a session, or None if it is nobody's.

        :raises SessionsUnread: if the database does not answer.
        """
        if not _KEY.fullmatch(session_key):
            return None
        found = self._remembered.get(session_key)
        if found is not None and self._clock() < found.until:
            known = found.known
        else:
            known = await self._join_round(session_key)
        if known is None:
            return None
        return sessions.actor_from(
            known.session,
            person_id=known.holder.person_id,
            language=known.holder.language,
            memberships=known.holder.memberships,
            address=address,
            now=datetime.fromtimestamp(time.time(), tz=UTC),
        )

    async def _join_round(self, session_key: str) -> _Known | None:
        answer: asyncio.Future[_Known | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(session_key, []).append(answer)
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._rounds())
        return await answer

    async def _rounds(self) -> None:
        while self._waiting:
            keys = list(self._waiting)[:ROUND_MAX]
            asked = {key: self._waiting.pop(key) for key in keys}
            try:
                await self._answer(asked)
            except (psycopg.Error, OSError):
                said = marked(
                    "We could not look up who you are just now. Try again in two seconds."
                )
                busy = SessionsUnread(said, retry_after_s=2)
                for answer in (one for answers in asked.values() for one in answers):
                    if not answer.done():
                        answer.set_exception(busy)
            finally:
                for answer in (one for answers in asked.values() for one in answers):
                    answer.cancel()

    async def _answer(self, asked: Mapping[str, Sequence[asyncio.Future[_Known | None]]]) -> None:
        started, drops_before = self._clock(), self._drops_count
        known = await self._read(list(asked))
        for key, answers in asked.items():
            if self._drops_count == drops_before:
                self._remember(key, _Remembered(started + REMEMBERED_S, known.get(key)))
            for answer in answers:
                if not answer.done():
                    answer.set_result(known.get(key))

    def _remember(self, key: str, found: _Remembered) -> None:
        self._remembered.pop(key, None)
        while len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.pop(next(iter(self._remembered)))
        self._remembered[key] = found

    async def _read(self, keys: list[str]) -> dict[str, _Known]:
        async with self._pool().connection() as conn:
            named = {"session_keys": "{" + ",".join(keys) + "}"}
            by_key, person_ids = {}, set()
            for key, data in await _rows(conn, "sessions", named):
                if person_id := _decoded(data)[1]:
                    by_key[key] = data
                    person_ids.add(person_id)
            if not person_ids:
                return {}
            rows = await _rows(conn, "holders", {"person_ids": as_array(person_ids)})
            holders = sessions.holders_of(rows)
            if any(memory.notice(one.numbers) for one in holders.values()):
                memory.take(await _rows(conn, "rulesets", {}))
        return dict(_proven(by_key, holders))


def _proven(
    by_key: Mapping[str, str], holders: Mapping[uuid.UUID, Holder]
) -> Sequence[tuple[str, _Known]]:
    """Return the sessions that were begun under their person's present password."""
    found = []
    for key, data in by_key.items():
        session, person_id = _decoded(data)
        holder = holders.get(person_id) if person_id else None
        if holder is not None and _genuine(data, holder.password):
            found.append((key, _Known(session, holder)))
    return found


async def _rows(
    conn: psycopg.AsyncConnection[tuple[Any, ...]], name: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    cursor = await conn.execute(named_sql(PACKAGE, name), values)
    return await cursor.fetchall()


_reader = SessionReader()


async def edge_actor(request: HTTPConnection, *, reader: SessionReader = _reader) -> Actor | None:
    """Return who acts in a request of the edge, or None if nobody is signed in.

    :raises SessionsUnread: if the database does not answer.
    """
    session_key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    address = request.client.host if request.client else ""
    return await reader.actor(session_key, address=address)


class AccessLive:
    """What access brings to the edge: no routes; it listens, and keeps the rules fresh."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    def routes(self) -> Sequence[BaseRoute]:
        return ()

    def tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        return (self._keep_rules_fresh(), keep_tallies(), keep_what_runs())

    def hears(self, wakes: Wakes) -> None:
        wakes.on(CHANNEL, _reader.drop)
        wakes.on(RULES_CHANNEL, self._wake)

    def _wake(self, _payload: str) -> None:
        _reader.drop("")
        self._woken.set()

    async def _keep_rules_fresh(self) -> None:
        """Read the rules at each wake, and every second because a wake may be lost.

        While the database does not answer, the rules that were enforced last stay.
        """
        while True:
            self._woken.clear()
            with contextlib.suppress(psycopg.Error, OSError):
                async with edge_pool().connection() as conn:
                    memory.take_if_other(await _rows(conn, "rulesets", {}))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RULES_EVERY_S):
                    await self._woken.wait()
