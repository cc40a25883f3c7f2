"""Pages of the desk about apps. Translate HTTP to an operation and back; decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.desk.apps.forms import PROOFS, AppForm, OrganisationForm, SearchForm, initial_of
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, may, needs
from standvast.registry.grants.api import (
    app_rows,
    app_view,
    asked_for,
    begin_use,
    change_app,
    end_use,
    keys_text,
    new_client_id,
    new_secret,
    register_app,
    renew_secret,
    set_open,
    uses_of,
)
from standvast.registry.organisations.api import search_organisations
from standvast.web.api import page, redirect_to, sentence

both = require_http_methods(["GET", "POST"])


class OrganisationNotSaid(Invalid):
    """The form does not say which organisation is meant."""

    code = "apps.organisation_not_said"


@require_GET
@needs("desk.apps.see")
def all_apps(request: HttpRequest) -> HttpResponse:
    """GET /desk/apps/ - every app, and how much it is used."""
    context = {
        "rows": app_rows(),
        "proofs": dict(PROOFS),
        "may_act": may(actor_of(request), "desk.apps.act"),
    }
    return page(request, "apps/all.html", context)


@both
@needs("desk.apps.act")
def new(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/apps/new/ - let an app ask people from now on."""
    form = AppForm(request.POST or None)
    if form.is_valid():
        try:
            made = register_app(
                actor=actor_of(request),
                data=form.data_handed_in(),
                client_id=new_client_id(),
                secret=new_secret(),
                now=database_now(),
            )
        except Refused as refused:
            form.add_error(None, sentence(refused.template, refused.values))
        else:
            return _back(request, made)
    context = {"form": form, "app": None}
    return page(request, "apps/form.html", context, status=422 if form.errors else 200)


@require_GET
@needs("desk.apps.see")
def one(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """GET /desk/apps/<id>/ - one app: what it may ask, where it is used."""
    return _one(request, app_id)


def _one(request: HttpRequest, app_id: uuid.UUID, *, secret: str = "") -> HttpResponse:
    app = app_view(app_id)
    context = {
        "app": app,
        "proof": dict(PROOFS)[app.proof.value],
        "lines": asked_for(app.scopes),
        "uses": uses_of(app_id),
        "secret": secret,
        "may_act": may(actor_of(request), "desk.apps.act"),
    }
    return page(request, "apps/one.html", context)


@both
@needs("desk.apps.act")
def change(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """GET, POST /desk/apps/<id>/change/ - its supplier tells something new of it."""
    app = app_view(app_id)
    form = AppForm(request.POST or None, initial=initial_of(app, keys_text(app_id)))
    if form.is_valid():
        try:
            change_app(
                actor=actor_of(request),
                app_id=app_id,
                data=form.data_handed_in(),
                now=database_now(),
            )
        except Refused as refused:
            form.add_error(None, sentence(refused.template, refused.values))
        else:
            return _back(request, app_id)
    context = {"form": form, "app": app}
    return page(request, "apps/form.html", context, status=422 if form.errors else 200)


@require_POST
@needs("desk.apps.act")
def secret(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """POST /desk/apps/<id>/secret/ - another secret, shown on this page and never again."""
    made = new_secret()
    renew_secret(actor=actor_of(request), app_id=app_id, secret=made, now=database_now())
    return _one(request, app_id, secret=made)


@require_POST
@needs("desk.apps.act")
def close(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """POST /desk/apps/<id>/close/ - nobody lets it in, and what it holds opens nothing."""
    set_open(actor=actor_of(request), app_id=app_id, is_open=False, now=database_now())
    return _back(request, app_id)


@require_POST
@needs("desk.apps.act")
def open_again(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """POST /desk/apps/<id>/open/ - people can let it in again."""
    set_open(actor=actor_of(request), app_id=app_id, is_open=True, now=database_now())
    return _back(request, app_id)


@both
@needs("desk.apps.act")
def organisations(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """GET, POST /desk/apps/<id>/organisations/ - find who begins to use it."""
    app = app_view(app_id)
    form = SearchForm(request.POST or None)
    found = search_organisations(form.cleaned_data["text"]) if form.is_valid() else None
    context = {"app": app, "form": form, "found": found}
    return page(request, "apps/organisations.html", context, status=422 if form.errors else 200)


@require_POST
@needs("desk.apps.act")
def begin(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """POST /desk/apps/<id>/organisations/begin/ - an organisation's people can let it in."""
    begin_use(
        actor=actor_of(request),
        app_id=app_id,
        organisation_id=_organisation(request),
        now=database_now(),
    )
    return _back(request, app_id)


@require_POST
@needs("desk.apps.act")
def end(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    """POST /desk/apps/<id>/organisations/end/ - what it holds there opens nothing from now on."""
    end_use(
        actor=actor_of(request),
        app_id=app_id,
        organisation_id=_organisation(request),
        now=database_now(),
    )
    return _back(request, app_id)


def _organisation(request: HttpRequest) -> uuid.UUID:
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        raise OrganisationNotSaid(marked("Say which organisation is meant."))
    found = form.cleaned_data["organisation"]
    assert isinstance(found, uuid.UUID)
    return found


def _back(request: HttpRequest, app_id: uuid.UUID) -> HttpResponse:
    return redirect_to(request, reverse("apps:one", args=[app_id]))
