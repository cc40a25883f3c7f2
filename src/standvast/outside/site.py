"""The HTTP side of the simulated world: the peers' routes behind one small guard."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from standvast.outside.templating import page

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

OUR_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY = (
    b"default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'self'"
)
_STYLE = Path(__file__).with_name("outside.css")


class LoopbackOnly:
    """Answers only requests that name this machine; takes orders as JSON, or by its own pages.

    A page elsewhere on the web can make a browser send a form or a rebound name to a loopback
    port; it cannot send JSON without asking first, nor say that it is ours. At the addresses of
    `forms_at` a form of another site is what is waited for.
    """

    def __init__(self, app: Starlette, forms_at: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._forms_at = forms_at

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
        if host not in OUR_HOSTS:
            await JSONResponse({"error": "loopback only"}, status_code=421)(scope, receive, send)
            return
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        ours = urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")
        ours = ours or scope["path"] in self._forms_at
        if request.method == "POST" and kind != "application/json" and not ours:
            await JSONResponse({"error": "JSON only"}, status_code=415)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", POLICY))
                headers.append((b"x-content-type-options", b"nosniff"))
                headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_guarded)


def _style(request: Request) -> Response:
    return Response(_STYLE.read_bytes(), media_type="text/css")


@dataclass(frozen=True)
class Neighbour:
    """One peer, as the first page names it."""

    at: str
    title: str
    title_nl: str
    sentence: str
    routes: Sequence[BaseRoute]
    is_well: Callable[[], bool]
    forms_at: frozenset[str] = frozenset()
    """Where forms of other sites arrive."""


def site(neighbours: Sequence[Neighbour]) -> LoopbackOnly:
    """Return the simulated world's site: a first page that names the peers, and theirs."""

    async def index(request: Request) -> Response:
        return page("index.html", neighbours=neighbours)

    routes = [route for neighbour in neighbours for route in neighbour.routes]
    return LoopbackOnly(
        Starlette(routes=[Route("/", index), *routes, Route("/outside.css", _style)]),
        frozenset().union(*(neighbour.forms_at for neighbour in neighbours)),
    )
