"""Pages of the page kit itself: the first page, which language, which colours, how dense."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from standvast.kit.wiring import wired
from standvast.web.frame import LANGUAGE_CHOSEN, tiles_for, who_is
from standvast.web.rendering import page

YEAR_S = 365 * 24 * 3600
THEMES = {"light", "dark"}
DENSITIES = {"compact"}


def _back(request: HttpRequest) -> HttpResponse:
    """Send the person back to the page they came from, if it is ours."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = "/"
    return HttpResponse(status=303, headers={"Location": wanted})


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """GET / - what waits for this person, and where to go; strangers sign in first."""
    who = who_is(request)
    if who is None:
        return redirect_to_login("/")
    if who.actor is None:
        return page(request, "web/nowhere.html")
    role = next((one.role for one in who.choices if one.id == who.actor.organisation_id), "")
    tiles = tiles_for(who.actor, now=timezone.now())
    return page(request, "web/first.html", {"tiles": tiles, "role": role})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """POST /web/language/ - this browser's language, and the person's when they are known."""
    answer = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, chosen)
        for keep in wired(LANGUAGE_CHOSEN):
            keep(request, chosen)
        translation.activate(chosen)
    return answer


@require_POST
def screen(request: HttpRequest) -> HttpResponse:
    """POST /web/screen/ - colours and density, kept in this browser."""
    answer = _back(request)
    for name, allowed in (("theme", THEMES), ("density", DENSITIES)):
        chosen = request.POST.get(name)
        if chosen in allowed:
            _keep(answer, f"standvast_{name}", chosen)
        elif chosen is not None:
            answer.delete_cookie(f"standvast_{name}")
    return answer
