"""What people see when a page cannot be given. None of it needs the database."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse

from standvast.kit.errors import Busy, Refused, Unavailable
from standvast.web.frame import offers_for
from standvast.web.live import status_of
from standvast.web.rendering import page, wants_fragment
from standvast.web.saying import sentence

log = logging.getLogger(__name__)

UNAVAILABLE_RETRY_S = 30
REFERENCE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No O, I, 0 or 1: it is read out over a telephone."""


def reference() -> str:
    """Return a short reference to read out, such as `KQ7-M2X`."""
    letters = [secrets.choice(REFERENCE_ALPHABET) for _ in range(6)]
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """Return a refusal as its page, or for htmx as a fragment, with its status."""
    said = sentence(error.template, error.values)
    status = status_of(error)
    retry_after_s = error.retry_after_s if isinstance(error, Busy) else None
    return _answer(
        request,
        {
            "said": said,
            "code": error.code,
            "status": status,
            "retry_after_s": retry_after_s,
            "offers": offers_for(request, error),
        },
        status=status,
        retry_after_s=retry_after_s,
    )


def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    """Return the page for a neighbour that did not answer: 503, with when to come back."""
    context: dict[str, object] = {"said": "", "code": error.code, "status": 503, "offers": []}
    return _answer(
        request,
        {**context, "retry_after_s": UNAVAILABLE_RETRY_S},
        status=503,
        retry_after_s=UNAVAILABLE_RETRY_S,
    )


def _answer(
    request: HttpRequest, context: dict[str, object], *, status: int, retry_after_s: int | None
) -> HttpResponse:
    template = "web/_refusal.html" if wants_fragment(request) else "web/refusal.html"
    answer = page(request, template, context, status=status)
    if retry_after_s is not None:
        answer.headers["Retry-After"] = str(retry_after_s)
    return answer


def _bare(request: HttpRequest, kind: str, status: int) -> HttpResponse:
    """Return an error page with a reference that the log carries too."""
    number = reference()
    log.log(
        logging.ERROR if status >= 500 else logging.INFO,
        "page_error status=%d kind=%s reference=%s",
        status,
        kind,
        number,
    )
    template = "web/_error.html" if wants_fragment(request) else "web/error.html"
    return page(request, template, {"kind": kind, "reference": number}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came without its token, most often from a page that stood open too long."""
    return _bare(request, "stale", 403)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what came cannot be read."""
    return _bare(request, "bad", 400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this person."""
    return _bare(request, "forbidden", 403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or not for this person."""
    return _bare(request, "missing", 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """500: our fault. The reference leads from the telephone to the log."""
    return _bare(request, "fault", 500)
