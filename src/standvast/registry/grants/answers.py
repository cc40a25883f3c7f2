"""Answers to apps: JSON that nobody keeps, readable from the pages of apps that are registered."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from standvast.kit.errors import Busy
from standvast.registry.grants.models import App
from standvast.registry.grants.rules.addresses import origin_of
from standvast.web.api import sentence

PageT = TypeVar("PageT", bound=Callable[..., HttpResponse])
PREFLIGHT_S = 600


def told(content: Mapping[str, Any], *, status: int = 200, kept_s: int = 0) -> HttpResponse:
    """Return an answer as JSON; others may keep it for `kept_s` seconds."""
    answer = HttpResponse(
        msgspec.json.encode(content), status=status, content_type="application/json"
    )
    answer["Cache-Control"] = f"public, max-age={kept_s}" if kept_s else "no-store"
    if not kept_s:
        answer["Pragma"] = "no-cache"
    return answer


def refused(error: str, *, status: int = 400, said: str = "") -> HttpResponse:
    """Return a refusal as OAuth has it."""
    content = {"error": error} | ({"error_description": said} if said else {})
    answer = told(content, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="standvast", charset="UTF-8"'
    return answer


def later(busy: Busy) -> HttpResponse:
    """Return that the app has to wait."""
    said = sentence(busy.template, busy.values)
    answer = refused("temporarily_unavailable", status=429, said=said)
    answer["Retry-After"] = str(busy.retry_after_s)
    return answer


def for_apps(*methods: str, public: bool = False) -> Callable[[PageT], PageT]:
    """Make a page one for apps: they prove themselves, so no page of ours need stand before it.

    A browser may read it from a page of a registered app; what is `public`, from any.
    """

    def decorate(page: PageT) -> PageT:
        @csrf_exempt
        @require_http_methods([*methods, "OPTIONS"])
        @wraps(page)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                answer = preflight(*methods)
            else:
                answer = page(request, *args, **kwargs)
            if public:
                answer["Access-Control-Allow-Origin"] = "*"
            else:
                let_read(request, answer)
            return answer

        return cast("PageT", answered)

    return decorate


def preflight(*methods: str) -> HttpResponse:
    """Answer a browser that asks what a page of another may send."""
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Methods"] = ", ".join(methods)
    answer["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept"
    answer["Access-Control-Max-Age"] = str(PREFLIGHT_S)
    return answer


def let_read(request: HttpRequest, answer: HttpResponse) -> None:
    """Let a page of an app that is registered read an answer. Never with our own cookies."""
    origin = request.headers.get("Origin", "")
    patch_vary_headers(answer, ["Origin"])
    if origin and may_read(origin):
        answer["Access-Control-Allow-Origin"] = origin


def may_read(origin: str) -> bool:
    """Whether pages of this origin may read answers: an app that is open has an address there."""
    if len(origin) > 300 or origin == "null":
        return False
    rows = App.objects.filter(is_active=True).values_list("redirects", "launch_url")
    return any(
        origin == origin_of(address)
        for redirects, launch_url in rows
        for address in (*redirects, *([launch_url] if launch_url else ()))
    )
