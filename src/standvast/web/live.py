"""The edge's side of the page kit: live modules, the guard of unsafe routes, event streams.

A module with hot or live routes brings one `Live` to the wiring. Its object lives as long as the
serve process: it keeps what it remembers there, and nothing else shares it.
"""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.middleware.csrf import _does_token_match  # type: ignore[attr-defined]
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from standvast.database.api import Wakes
from standvast.kit.errors import Busy, Gone, Invalid, NotAllowed, NotFound, Refused
from standvast.kit.wiring import Slot
from standvast.kit.words import marked

STREAM_BEAT_S = 15.0
STREAMS_MAX = 4_000
RECEIVED = "standvast.received"
"""Key in the ASGI scope: `time.monotonic()` when the request reached this process."""


class Live(Protocol):
    """What a module brings to the edge."""

    def routes(self) -> Sequence[BaseRoute]:
        """Return the Starlette routes; their paths start with the module's own prefix."""
        ...

    def tasks(self) -> Sequence[Coroutine[Any, Any, None]]:
        """Return what runs as long as the process; cancelled at its end."""
        ...

    def hears(self, wakes: Wakes) -> None:
        """Say which wakes it wants, before listening starts."""
        ...


LIVE: Slot[Callable[[], Live]] = Slot("live")


class OriginNotOurs(NotAllowed):
    """An unsafe request came from another site, or without its token."""

    code = "web.origin_not_ours"


class HotRequest(Request):
    """A request whose headers and cookies are read once, in one pass; small letters only."""

    @cached_property
    def headers(self) -> Mapping[str, str]:  # type: ignore[override]
        return {
            name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]
        }

    @cached_property
    def cookies(self) -> dict[str, str]:
        return cookies_of(self.scope)


def cookies_of(scope: Scope) -> dict[str, str]:
    """Return the cookies of a request."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            for piece in value.decode("latin-1").split(";"):
                key, _, text = piece.strip().partition("=")
                found[key] = text
    return found


class Hot:
    """An endpoint for a hot route: `Route(path, Hot(answer), methods=[...])`.

    It answers a request as a function would, without the layers that a function is wrapped in.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(HotRequest(scope, receive))
        await response(scope, receive, send)


def guard(request: Request) -> None:
    """Pass an unsafe request that comes from our own pages; the same rule as Django's.

    The Origin header (when sent) must name this host, and the token in `X-CSRFToken` must match
    the cookie.

    :raises OriginNotOurs: otherwise.
    """
    sentence = marked("This page is out of date. Reload it and do it again.")
    headers = request.headers
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise OriginNotOurs(sentence)
    cookie = request.cookies.get(settings.CSRF_COOKIE_NAME, "")
    token = headers.get("x-csrftoken", "")
    if not cookie or not token:
        raise OriginNotOurs(sentence)
    if not (hmac.compare_digest(cookie, token) or _masked_match(token, cookie)):
        raise OriginNotOurs(sentence)


def _masked_match(token: str, cookie: str) -> bool:
    """Whether a token as a page carries it (masked, 64 characters) belongs to the cookie."""
    if len(token) not in (32, 64) or len(cookie) != 32 or not token.isalnum():
        return False
    return bool(_does_token_match(token, cookie))


def received_at(request: Request, now: datetime) -> datetime:
    """Return the instant this request reached the process: `now` minus the time it waited since.

    People are charged only for their own time, not for ours.
    """
    started = request.scope.get(RECEIVED)
    waited_s = time.monotonic() - started if started is not None else 0.0
    return now - timedelta(seconds=max(0.0, waited_s))


STATUS_BY_KIND: tuple[tuple[type[Refused], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (Gone, 410),
    (Busy, 503),
    (Refused, 409),
)


def status_of(error: Refused) -> int:
    """Return the HTTP status for a refusal: by its class."""
    return next(status for kind, status in STATUS_BY_KIND if isinstance(error, kind))


def problem(error: Refused, *, say: str, status: int | None = None) -> Response:
    """Return a refusal as RFC 9457 problem details; `say` is its sentence for this person."""
    code = status or status_of(error)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, Busy):
        headers["Retry-After"] = str(error.retry_after_s)
    body = {"type": "about:blank", "title": say, "status": code, "code": error.code}
    return JSONResponse(
        body, status_code=code, headers=headers, media_type="application/problem+json"
    )


def json_answer(value: Any, *, status: int = 200) -> Response:
    """Return any msgspec-encodable value as JSON that nobody caches."""
    return Response(
        msgspec.json.encode(value),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


class Draining:
    """Set when the process is asked to stop: streams end, browsers reconnect elsewhere."""

    def __init__(self) -> None:
        self._event: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.streams_count = 0

    @property
    def event(self) -> asyncio.Event:
        loop = asyncio.get_running_loop()
        if self._event is None or self._loop is not loop:
            self._event, self._loop = asyncio.Event(), loop
        return self._event

    def start(self) -> None:
        """Tell every stream to end."""
        self.event.set()


draining = Draining()


def event_stream(events: AsyncIterator[tuple[str, str, str]]) -> Response:
    """Return server-sent events from `(id, name, data)`; data is one line of JSON.

    Ends when the process drains; sends a beat every 15 s so that a dead connection is noticed.
    Past 4,000 streams in this process a newcomer is asked to poll instead (503).
    """
    if draining.streams_count >= STREAMS_MAX:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return StreamingResponse(
        _framed(events),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _framed(events: AsyncIterator[tuple[str, str, str]]) -> AsyncIterator[bytes]:
    draining.streams_count += 1
    stop: asyncio.Future[Any] = asyncio.ensure_future(draining.event.wait())
    upcoming: asyncio.Future[Any] | None = None
    try:
        yield b"retry: 1000\n\n"
        while True:
            if upcoming is None:
                upcoming = asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait(
                {upcoming, stop}, timeout=STREAM_BEAT_S, return_when=asyncio.FIRST_COMPLETED
            )
            if stop in done:
                return
            if upcoming not in done:
                yield b": beat\n\n"
                continue
            try:
                number, name, data = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = None
            yield f"id: {number}\nevent: {name}\ndata: {data}\n\n".encode()
    finally:
        draining.streams_count -= 1
        stop.cancel()
        if upcoming is not None:
            upcoming.cancel()
