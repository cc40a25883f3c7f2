"""The page of the draw: public, the same for everybody, no names."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from standvast.core.lobby.queries import proof_view
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
            "download": f"/lobby/{view.slug}/proof.json",
        },
    )
