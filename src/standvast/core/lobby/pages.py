"""The page of the draw: public, no names. Who has a pass sees the own ticket as well."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from standvast.core.lobby.passes import COOKIE, read_pass
from standvast.core.lobby.queries import PlaceView, place_view, proof_view
from standvast.database.api import database_now
from standvast.kit.errors import Refused
from standvast.web.api import page

WITNESSES_MAX = 20


@require_safe
def proof(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /lobby/<name>/proof - what was promised beforehand, and how to check what came of it."""
    view = proof_view(slug)
    return page(
        request,
        "lobby/proof.html",
        {
            "proof": view,
            "witnessed": view.witnessed[: -WITNESSES_MAX - 1 : -1],
            "mine": _mine(request, slug),
            "download": f"/lobby/{view.slug}/proof.json",
        },
    )


def _mine(request: HttpRequest, slug: str) -> PlaceView | None:
    token = request.COOKIES.get(COOKIE + slug)
    if token is None:
        return None
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    try:
        found = read_pass(token, session_key=session_key, now=database_now())
    except Refused:
        return None  # an old pass is no reason to keep a public page from anybody
    return place_view(slug, found.organisation_id)
