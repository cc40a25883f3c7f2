"""Pages about agreements. Translate HTTP to one operation and back; decide nothing."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import Gone, Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, may, needs
from standvast.registry.agreements import operations
from standvast.registry.agreements.forms import PublishForm, SignForm
from standvast.registry.agreements.queries import (
    VersionView,
    had_by,
    published,
    to_sign,
    version_for,
    versions_for,
)
from standvast.registry.agreements.rules import parts_of, text_in
from standvast.registry.organisations.api import Kind
from standvast.registry.tidings.api import Pending
from standvast.web.api import page, redirect_to, sentence


def _said(texts: dict[str, str]) -> str:
    return text_in(texts, (get_language() or "nl")[:2])


@require_GET
@needs("agreements.see")
def everything(request: HttpRequest) -> HttpResponse:
    """GET /agreements/ - what waits for a signature, and what was signed."""
    found = versions_for(actor_of(request).organisation_id)
    return page(request, "agreements/all.html", {"versions": found, "said": _said})


@require_GET
@needs("agreements.see")
def one(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """GET /agreements/<id>/ - the document, its parts, and who signed."""
    return _one_page(request, version_id)


def _one_page(
    request: HttpRequest, version_id: uuid.UUID, form: SignForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    found = version_for(actor.organisation_id, version_id)
    return page(
        request,
        "agreements/one.html",
        {
            "version": found,
            "said": _said,
            "may_sign": may(actor, "agreements.sign"),
            "is_had": had_by(actor, version_id),
            "form": form or SignForm(parts=_choices(found)),
        },
        status=422 if form is not None else 200,
    )


def _choices(version: VersionView) -> list[tuple[str, str]]:
    return [(part.slug, _said(dict(part.texts))) for part in version.parts]


@require_GET
@needs("agreements.see")
def document(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """GET /agreements/<id>/download/ - the document, to keep; that it was had is written down."""
    name, content = operations.have_document(
        actor=actor_of(request), version_id=version_id, now=database_now()
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@needs("agreements.sign")
def sign(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """POST /agreements/<id>/sign/ - sign for the organisation."""
    actor = actor_of(request)
    found = version_for(actor.organisation_id, version_id)
    form = SignForm(request.POST, parts=_choices(found))
    if not form.is_valid():
        return _one_page(request, version_id, form)
    try:
        operations.sign(
            actor=actor,
            version_id=version_id,
            chosen=form.cleaned_data["parts"],
            now=database_now(),
        )
    except Gone:
        raise
    except Refused as refused:
        form.add_error(None, sentence(refused.template, refused.values))
        return _one_page(request, version_id, form)
    return redirect_to(request, reverse("agreements:one", args=[version_id]))


@require_http_methods(["GET", "POST"])
@needs("agreements.publish")
def publish(request: HttpRequest) -> HttpResponse:
    """GET, POST /agreements/publish/ - what was published and signed; publish a version."""
    form = PublishForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            operations.publish_version(
                actor=actor_of(request),
                slug=data["slug"],
                kinds=[Kind(kind) for kind in data["kinds"]],
                titles=form.titles(),
                parts=parts_of(data["parts"].splitlines()),
                document=form.content(),
                now=database_now(),
            )
        except Refused as refused:
            form.add_error(None, sentence(refused.template, refused.values))
        else:
            return redirect_to(request, reverse("agreements:publish"))
    return page(
        request,
        "agreements/publish.html",
        {"form": form, "published": published(), "said": _said},
        status=422 if form.errors else 200,
    )


def pending(actor: Actor, now: datetime) -> Sequence[Pending]:
    """Return what waits for this actor's signature, for the bell."""
    del now
    if not may(actor, "agreements.sign"):
        return ()
    return tuple(
        Pending(
            marked("{title} waits for your signature."),
            {"title": _said(dict(found.titles))},
            reverse("agreements:one", args=[found.id]),
        )
        for found in to_sign(actor.organisation_id)
    )
