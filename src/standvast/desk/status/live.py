"""The edge's side of status: the board kept true, notices live, the public page and its JSON.

The public page is served from the snapshot's files; where there are none, or they are old, this
process makes its own, in memory. Nothing here needs the database to answer.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from django.conf import settings
from django.db.utils import Error as DatabaseError
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.core.health.api import in_thread
from standvast.database.api import Wakes, edge_pool, named_sql
from standvast.desk.status.board import PACKAGE, Content, board
from standvast.desk.status.operations import CLOSURES, NOTICES
from standvast.desk.status.rules import LANGUAGES, is_for, is_on
from standvast.desk.status.snapshot.make import Files, make_files, served_names
from standvast.kit.actor import Actor
from standvast.registry.access.api import SessionsUnread, edge_actor
from standvast.web.live import event_stream

EVERY_S = 1.0
READ_S_MAX = 2.0
OLD_AFTER_S = 180.0
MAKE_EVERY_S = 10.0
MAKE_S_MAX = 8.0
LOOK_EVERY_S = 1.0
ASKED_AGAIN_S = 15.0
"""Who listens is asked for again this often: somebody who left is told no more after that."""
PUBLIC = "public, max-age=10"
GONE = (psycopg.Error, OSError, TimeoutError, PoolTimeout)
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "atom": "application/atom+xml",
    "css": "text/css",
    "svg": "image/svg+xml",
    "js": "text/javascript",
    "txt": "text/plain; charset=utf-8",
}

log = logging.getLogger(__name__)


class StatusLive:
    """What one serve process keeps: the board, and the public files."""

    def __init__(self) -> None:
        self._due = asyncio.Event()
        self._changed = asyncio.Condition()
        self._public = Public(Path(settings.VAR) / "snapshot")

    def routes(self) -> Sequence[BaseRoute]:
        """Return the addresses; the stream is for people, the rest for everybody."""
        return (
            Route("/status/notices/stream", self.stream),
            Route("/status", self.to_status),
            Route("/status/", self.index),
            Route("/status/{name:str}", self.file),
            Route("/api/v2/{path:path}", self.statuspage),
        )

    def tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        """Keep the board true as long as the process lives."""
        return (self.keep(),)

    def hears(self, wakes: Wakes) -> None:
        """Look at once when something was closed or told."""
        wakes.on(CLOSURES, self._wake)
        wakes.on(NOTICES, self._wake)

    def _wake(self, payload: str) -> None:
        del payload
        self._due.set()

    async def keep(self) -> None:
        """Read the board at each wake and every second; wake the streams when it changed."""
        while True:
            self._due.clear()
            try:
                async with asyncio.timeout(READ_S_MAX), edge_pool().connection() as conn:
                    cursor = await conn.execute(named_sql(PACKAGE, "board"))
                    row = await cursor.fetchone()
                assert row is not None
                if board().take(row[0], by_keeper=True):
                    async with self._changed:
                        self._changed.notify_all()
            except GONE as error:
                log.warning("status.board_not_read why=%s", type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), EVERY_S)

    # -- for people at work ------------------------------------------------------------------

    async def stream(self, request: Request) -> Response:
        """GET /status/notices/stream - what touches this person changed: closed and told."""
        actor = await edge_actor(request)
        if actor is None:
            return Response(status_code=204)  # an EventSource that gets 204 does not come back
        return event_stream(self._events(actor, partial(edge_actor, request)))

    async def _events(
        self, actor: Actor, ask_again: Callable[[], Awaitable[Actor | None]] | None = None
    ) -> AsyncIterator[tuple[str, str, str]]:
        """Tell until who listens is somebody else: they left, signed out, or work elsewhere now."""
        before, asked_at = "", time.monotonic()
        while True:
            if ask_again is not None and time.monotonic() - asked_at >= ASKED_AGAIN_S:
                asked_at = time.monotonic()
                with contextlib.suppress(SessionsUnread):
                    if await ask_again() != actor:
                        return
            said = said_to(actor, board().known(), board().now())
            mark = hashlib.sha256(said.encode()).hexdigest()[:16]
            if mark != before:
                before = mark
                yield mark, "notices", said
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S), self._changed:
                    await self._changed.wait()

    # -- for everybody -----------------------------------------------------------------------

    async def to_status(self, request: Request) -> Response:
        """GET /status"""
        del request
        return RedirectResponse("/status/", status_code=308)

    async def index(self, request: Request) -> Response:
        """GET /status/ - the public page in the language asked for, chosen or preferred."""
        name = f"index.{language_of(request)}.html"
        answer = await self._serve(request, name)
        answer.headers["Vary"] = "Accept-Language, Cookie"
        return answer

    async def file(self, request: Request) -> Response:
        """GET /status/<file> - one file of the snapshot."""
        return await self._serve(request, request.path_params["name"])

    async def statuspage(self, request: Request) -> Response:
        """GET /api/v2/... - Statuspage's addresses, from the snapshot."""
        answer = await self._serve(request, f"api/v2/{request.path_params['path']}")
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    async def _serve(self, request: Request, name: str) -> Response:
        body = await self._public.file(name)
        if body is None:
            return Response("Not found\n", status_code=404, media_type="text/plain")
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": PUBLIC}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        kind = TYPES[name.rpartition(".")[2]]
        return Response(body, headers=headers, media_type=kind)


class Public:
    """The public files: those on disk while they are young, else made here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: Files = {}
        self._looked_at = float("-inf")
        self._made_at = float("-inf")
        self._lock = asyncio.Lock()

    async def file(self, name: str) -> bytes | None:
        """Return one file by its name; only names of the snapshot are known."""
        if name not in served_names():
            return None
        async with self._lock:
            if time.monotonic() - self._looked_at > LOOK_EVERY_S:
                await self._look()
                self._looked_at = time.monotonic()
        return self._files.get(name)

    async def _look(self) -> None:
        found = await asyncio.to_thread(self._read)
        age_s = age_of(found)
        if found and age_s < OLD_AFTER_S:
            self._files = found
            return
        if time.monotonic() - self._made_at > MAKE_EVERY_S:
            self._made_at = time.monotonic()
            try:
                async with asyncio.timeout(MAKE_S_MAX):
                    self._files = await in_thread(
                        lambda: make_files(datetime.now(UTC)),
                        name="snapshot",
                        statement_s_max=MAKE_S_MAX,
                    )
            except (*GONE, DatabaseError) as error:
                log.warning("status.snapshot_not_made why=%s", type(error).__name__)
                self._files = found or self._files

    def _read(self) -> Files:
        found: Files = {}
        for name in served_names():
            with contextlib.suppress(OSError):
                found[name] = (self._folder / name).read_bytes()
        return found


def age_of(files: Files) -> float:
    """Return how many seconds ago the files were made; endless when they do not say."""
    try:
        made = msgspec.json.decode(files["api/v2/status.json"])["page"]["updated_at"]
        return (datetime.now(UTC) - datetime.fromisoformat(made)).total_seconds()
    except (KeyError, ValueError, TypeError):
        return float("inf")


def language_of(request: Request) -> str:
    """Return nl, fr or en: asked for in the address, chosen before, or preferred."""
    asked = request.query_params.get("language", "")
    chosen = request.cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    preferred = [
        part.partition(";")[0].strip()[:2].lower()
        for part in request.headers.get("accept-language", "").split(",")[:10]
    ]
    for found in (asked, chosen, *preferred):
        if found in LANGUAGES:
            return found
    return str(settings.LANGUAGE_CODE)


def said_to(actor: Actor, content: Content, at: datetime) -> str:
    """Return as one line of JSON what touches an actor: closed functions, and notices by id."""
    who, language = actor.organisation_id, actor.language
    closures = [
        {"function": c.function, "text": c.text(language)}
        for c in content.closures
        if is_for(c.organisation_ids, who) and is_on(c.from_at, c.until_at, at)
    ]
    notices = [
        str(n.id)
        for n in content.notices
        if is_for(n.organisation_ids, who) and is_on(n.from_at, n.until_at, at)
    ]
    return msgspec.json.encode({"closed": closures, "notices": notices}).decode()
