"""Pages of the desk about what people click through to. Decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.care.launches.forms import KINDS, TargetForm
from standvast.care.launches.operations import proposing
from standvast.care.launches.prefilling import initial_of
from standvast.care.launches.queries.targets import (
    NEVER,
    newest_versions,
    retired_slugs,
    standings,
    versions_of,
)
from standvast.care.launches.queries.usage import Used, used_by_target
from standvast.care.launches.rules.targets import State
from standvast.database.api import database_now
from standvast.kit.errors import Refused
from standvast.registry.access.api import actor_of, may, needs
from standvast.web.api import page, redirect_to, sentence

both = require_http_methods(["GET", "POST"])


@require_GET
@needs("desk.launches.see")
def all_targets(request: HttpRequest) -> HttpResponse:
    """GET /desk/launches/ - every system, how its walks go, and how much it is used."""
    now = database_now()
    stand, used, retired = standings(now), used_by_target(now), retired_slugs()
    rows = [
        (
            version,
            stand.get(version.slug, NEVER),
            used.get(version.target_id, Used()),
            version.slug in retired,
        )
        for version in newest_versions()
    ]
    context = {
        "rows": rows,
        "broken_count": sum(standing.is_broken for _, standing, _, _ in rows),
        "may_act": may(actor_of(request), "desk.launches.act"),
    }
    return page(request, "launches/desk_all.html", context)


@require_GET
@needs("desk.launches.see")
def one_target(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /desk/launches/<slug>/ - its versions, its contract, and what can be done."""
    now = database_now()
    versions = versions_of(slug)
    by_state = {version.state: version for version in reversed(versions)}
    proposed = by_state.get(State.PROPOSED)
    context = {
        "slug": slug,
        "kinds": dict(KINDS),
        "walk_said": sentence(proposed.walk_template, proposed.walk_values) if proposed else "",
        "versions": versions,
        "live": by_state.get(State.LIVE),
        "proposed": proposed,
        "before": by_state.get(State.REPLACED),
        "shown": by_state.get(State.LIVE) or versions[0],
        "standing": standings(now).get(slug, NEVER),
        "used": used_by_target(now).get(versions[0].target_id, Used()),
        "is_retired": slug in retired_slugs(),
        "may_act": may(actor_of(request), "desk.launches.act"),
    }
    return page(request, "launches/desk_one.html", context)


@both
@needs("desk.launches.act")
def add(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/launches/-/add/ - propose a system that people click through to."""
    return _proposed(request, slug="")


@both
@needs("desk.launches.act")
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """GET, POST /desk/launches/<slug>/change/ - propose a next version of one."""
    return _proposed(request, slug=slug)


@require_POST
@needs("desk.launches.act")
def walk(request: HttpRequest, slug: str, version_id: uuid.UUID) -> HttpResponse:
    """POST /desk/launches/<slug>/<version>/walk/ - hand somebody made up over to it."""
    proposing.walk_version(actor=actor_of(request), version_id=version_id, now=database_now())
    return _back(request, slug)


@require_POST
@needs("desk.launches.act")
def make_live(request: HttpRequest, slug: str, version_id: uuid.UUID) -> HttpResponse:
    """POST /desk/launches/<slug>/<version>/live/ - let people through to it from now on."""
    proposing.make_live(actor=actor_of(request), version_id=version_id, now=database_now())
    return _back(request, slug)


@require_POST
@needs("desk.launches.act")
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /desk/launches/<slug>/back/ - let people through to the version before, at once."""
    proposing.take_back(actor=actor_of(request), slug=slug, now=database_now())
    return _back(request, slug)


@require_POST
@needs("desk.launches.act")
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /desk/launches/<slug>/retire/ - offer it no more."""
    proposing.retire(actor=actor_of(request), slug=slug, now=database_now())
    return _back(request, slug)


def _proposed(request: HttpRequest, *, slug: str) -> HttpResponse:
    newest = versions_of(slug)[0] if slug else None
    if request.method == "POST":
        form = TargetForm(request.POST, slug=slug)
        if form.is_valid():
            try:
                draft = form.draft()
                version_id = proposing.propose(
                    actor=actor_of(request),
                    slug=form.slug(),
                    draft=draft,
                    with_new_key=form.cleaned_data["new_key"],
                    now=database_now(),
                )
            except Refused as refused:
                form.add_error(None, sentence(refused.template, refused.values))
            else:
                proposing.walk_version(
                    actor=actor_of(request), version_id=version_id, now=database_now()
                )
                return _back(request, form.slug())
    else:
        form = TargetForm(initial=initial_of(newest) if newest else None, slug=slug)
    context = {"form": form, "slug": slug, "title": newest.draft.title if newest else ""}
    return page(request, "launches/desk_form.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest, slug: str) -> HttpResponse:
    return redirect_to(request, reverse("launches:desk_one", args=[slug]))
