"""Pages of the desk about certificates. Translate HTTP to an operation and back; decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.core.certificates.api import (
    CertificateView,
    hand_in,
    look,
    purpose_view,
    purpose_views,
    roll_back,
    switch,
    withdraw,
)
from standvast.database.api import database_now
from standvast.desk.certificates.forms import HandInForm
from standvast.desk.certificates.rows import check_rows, purpose_row
from standvast.kit.errors import Invalid
from standvast.registry.access.api import actor_of, may, needs
from standvast.registry.people.api import person_by_id
from standvast.web.api import page, redirect_to, sentence

both = require_http_methods(["GET", "POST"])


@require_GET
@needs("desk.certificates.see")
def all_purposes(request: HttpRequest) -> HttpResponse:
    """GET /desk/certificates/ - what each certificate is for, and how it stands."""
    rows = [purpose_row(view) for view in purpose_views(database_now())]
    return page(
        request,
        "certificates/all.html",
        {"rows": rows, "wrong_count": sum(row.kind == "harm" for row in rows)},
    )


@require_GET
@needs("desk.certificates.see")
def one_purpose(request: HttpRequest, purpose: str) -> HttpResponse:
    """GET /desk/certificates/<purpose>/ - its slots, every check, and what can be done."""
    view = purpose_view(purpose, database_now())
    slots = [one for one in (view.current, view.next, view.previous) if one is not None]
    context = {
        "row": purpose_row(view),
        "purpose": view.purpose,
        "slots": [(one, check_rows(one), _by(one)) for one in slots],
        "may_act": may(actor_of(request), "desk.certificates.act"),
    }
    return page(request, "certificates/one.html", context)


@both
@needs("desk.certificates.act")
@sensitive_post_parameters("key", "passphrase")
def hand_one_in(request: HttpRequest, purpose: str) -> HttpResponse:
    """GET, POST /desk/certificates/<purpose>/hand-in/ - a next certificate; it is looked at."""
    view = purpose_view(purpose, database_now())
    form = HandInForm(request.POST, request.FILES) if request.method == "POST" else HandInForm()
    if form.is_valid():
        try:
            made = hand_in(
                actor=actor_of(request),
                purpose=purpose,
                chain_pem=form.cleaned_data["chain"],
                key_pem=form.cleaned_data["key"],
                passphrase=form.cleaned_data["passphrase"],
                now=database_now(),
            )
        except Invalid as refused:
            form.add_error(None, sentence(refused.template, refused.values))
        else:
            look(actor=actor_of(request), purpose=purpose, certificate_id=made, now=database_now())
            return _back(request, purpose)
    context = {"purpose": view.purpose, "form": form}
    return page(request, "certificates/hand_in.html", context, status=422 if form.errors else 200)


@require_POST
@needs("desk.certificates.act")
def look_again(request: HttpRequest, purpose: str, certificate_id: uuid.UUID) -> HttpResponse:
    """POST /desk/certificates/<purpose>/<id>/look/ - every check, and a handshake."""
    look(
        actor=actor_of(request),
        purpose=purpose,
        certificate_id=certificate_id,
        now=database_now(),
    )
    return _back(request, purpose)


@require_POST
@needs("desk.certificates.act")
def switch_to(request: HttpRequest, purpose: str, certificate_id: uuid.UUID) -> HttpResponse:
    """POST /desk/certificates/<purpose>/<id>/switch/ - use the next one from now on."""
    switch(
        actor=actor_of(request),
        purpose=purpose,
        certificate_id=certificate_id,
        now=database_now(),
    )
    return _back(request, purpose)


@require_POST
@needs("desk.certificates.act")
def go_back(request: HttpRequest, purpose: str, certificate_id: uuid.UUID) -> HttpResponse:
    """POST /desk/certificates/<purpose>/<id>/roll-back/ - use the previous one again."""
    roll_back(
        actor=actor_of(request),
        purpose=purpose,
        certificate_id=certificate_id,
        now=database_now(),
    )
    return _back(request, purpose)


@require_POST
@needs("desk.certificates.act")
def take_out(request: HttpRequest, purpose: str, certificate_id: uuid.UUID) -> HttpResponse:
    """POST /desk/certificates/<purpose>/<id>/withdraw/ - out of its slot; its key is forgotten."""
    withdraw(
        actor=actor_of(request),
        purpose=purpose,
        certificate_id=certificate_id,
        now=database_now(),
    )
    return _back(request, purpose)


def _back(request: HttpRequest, purpose: str) -> HttpResponse:
    return redirect_to(request, reverse("certificates:one", args=[purpose]))


def _by(view: CertificateView) -> str:
    return person_by_id(view.handed_in_by).get_full_name() if view.handed_in_by else ""
