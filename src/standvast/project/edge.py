"""The edge: one ASGI app. Live routes answer here, everything else is Django in threads.

One outer layer serves both halves: it stamps the moment of arrival, strips headers that only we
may set, and puts the security headers on every answer. Only a page has scripts of its own, so only
a page gets a nonce.
"""

import base64
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from starlette.routing import BaseRoute, Router

from standvast.web.errors import reference
from standvast.web.live import RECEIVED
from standvast.web.rendering import FORMS_TO_HEADER

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

DJANGO_THREADS = 10
NONCE = b"x-standvast-nonce"
POLICY = "standvast.policy"
"""Key in the ASGI scope: the content security policy of a page, which has a nonce."""
OURS_ALONE = b"x-standvast-"
FORMS = b"form-action 'self'"

ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)
FORMS_TO = FORMS_TO_HEADER.lower().encode()
SITE = re.compile(rb"https?://[A-Za-z0-9.:\[\]-]+")
_LAX = {name for name, _ in ALWAYS} | {b"content-security-policy", FORMS_TO}


def policy(nonce: str | None) -> bytes:
    """Return the content security policy of an answer: our own files, and this nonce's script."""
    inline = f" 'nonce-{nonce}'" if nonce else ""
    return (
        f"default-src 'none'; base-uri 'none'; frame-ancestors 'none'; {FORMS.decode()}; "
        f"script-src 'self'{inline}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'"
    ).encode()


POLICY_WITHOUT_SCRIPT = policy(None)


def with_forms_to(found: bytes, sites: bytes) -> bytes:
    """Return a policy that lets a form of this page go to these sites as well."""
    wanted = [site for site in sites.split() if SITE.fullmatch(site)]
    return found.replace(FORMS, b" ".join((FORMS, *wanted)))


def for_a_page(scope: Scope) -> Scope:
    """Give a request to Django its nonce, and the moment when it arrived."""
    nonce = base64.b64encode(secrets.token_bytes(12))
    scope["headers"] += (
        (NONCE, nonce),
        (b"x-standvast-received", repr(scope[RECEIVED]).encode()),
    )
    scope[POLICY] = policy(nonce.decode())
    return scope


class OuterLayer:
    """Wraps the whole site; see the module. Counts what is asked and what is answered well."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.asked_count = 0
        self.carried_count = 0
        self._always = list(ALWAYS)
        if settings.HSTS:
            self._always.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.asked_count += 1
        scope[RECEIVED] = time.monotonic()
        scope["headers"] = [pair for pair in scope["headers"] if not pair[0].startswith(OURS_ALONE)]

        is_begun = False

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                self.carried_count += message["status"] < 500
                given = message.get("headers", ())
                kept = [pair for pair in given if pair[0].lower() not in _LAX]
                kept.extend(self._always)
                sites = b" ".join(value for name, value in given if name.lower() == FORMS_TO)
                found = scope.get(POLICY, POLICY_WITHOUT_SCRIPT)
                kept.append((b"content-security-policy", with_forms_to(found, sites)))
                message["headers"] = kept
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            # The outermost loop of a live route: said with a reference, logged with its trace.
            said = reference()
            log.exception("edge.failed reference=%s path=%s", said, scope["path"])
            if is_begun:
                raise
            await _say_broken(send_with_headers, said)


async def _say_broken(send: Send, said: str) -> None:
    text = f"Er ging iets stuk / Une erreur est survenue / Something broke: {said}\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


def site(routes: Sequence[BaseRoute], *, static: App | None) -> OuterLayer:
    """Return the whole site: live routes first, then static files, then Django.

    An address below a live prefix that no live route takes falls through to Django, so that a
    service's pages and live routes may share a prefix.
    """
    django: App = WSGIMiddleware(get_wsgi_application(), workers=DJANGO_THREADS)  # type: ignore[arg-type,assignment]
    static_prefix = settings.STATIC_URL

    async def fallback(scope: Scope, receive: Receive, send: Send) -> None:
        if static is not None and scope["path"].startswith(static_prefix):
            await static(scope, receive, send)
        else:
            await django(for_a_page(scope), receive, send)

    return OuterLayer(by_first_segment(routes, fallback))


def by_first_segment(routes: Sequence[BaseRoute], fallback: App) -> App:
    """Return an app that asks only the routes below the first part of the address.

    A table of routes is tried one after another; with every service's in it, a hot path would pay
    for all of them.
    """
    by_segment: dict[str, list[BaseRoute]] = {}
    for route in routes:
        segment = first_segment(str(getattr(route, "path", "/")))
        assert "{" not in segment, "a live route begins with a name"
        by_segment.setdefault(segment, []).append(route)
    tables: dict[str, App] = {
        segment: Router(routes=mine, default=fallback, redirect_slashes=False)
        for segment, mine in by_segment.items()
    }

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await tables.get(first_segment(scope["path"]), fallback)(scope, receive, send)

    return dispatch


def first_segment(path: str) -> str:
    """Return what stands between the first two slashes of an address."""
    return path.split("/", 2)[1] if path.startswith("/") else ""
