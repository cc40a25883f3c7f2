"""Pages of the page kit itself: which language, which colours, how dense."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from standvast.kit.wiring import wired
from standvast.web.frame import LANGUAGE_CHOSEN

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
