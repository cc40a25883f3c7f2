"""An organisation's own pages: who may do what, grants, asking, broken glass. Decide nothing."""

import uuid
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.kit.wiring import wired
from standvast.registry.access.guards import actor_of, may, needs, signed_in
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import GRANT_TITLES, ROLE_TITLES, ROLES_BY_KIND, Grant
from standvast.registry.access.ruling import forms
from standvast.registry.access.ruling.giveable import given_only, grants_for
from standvast.registry.access.ruling.holdings import broken_glass
from standvast.registry.access.ruling.operations import asking, glass, persons
from standvast.registry.access.ruling.practice import colleague_rows, open_requests, who_may_what
from standvast.registry.access.ruling.question import PURPOSE_TITLES, Holding, Purpose
from standvast.registry.organisations.api import organisation_view
from standvast.web.api import page, redirect_to

GLASS_DAYS = 30


@require_GET
@signed_in
def rules(request: HttpRequest) -> HttpResponse:
    """GET /access/rules/ - who may do what here; some may change it."""
    actor, now = actor_of(request), database_now()
    organisation = organisation_view(actor.organisation_id)
    may_manage = may(actor, "access.staff")
    waiting = open_requests(organisation_id=actor.organisation_id, now=now)
    context = {
        "organisation": organisation,
        "rights": who_may_what(organisation.kind, actor.organisation_id),
        "roles": ROLES_BY_KIND[organisation.kind],
        "role_titles": ROLE_TITLES,
        "grants": grants_for(organisation.kind),
        "given_only": given_only(organisation.kind),
        "grant_titles": GRANT_TITLES,
        "may_manage": may_manage,
        "me": actor.person_id,
        "mine": [one for one in waiting if one.person_id == actor.person_id],
        "asked": [one for one in waiting if one.person_id != actor.person_id] if may_manage else [],
        "colleagues": colleague_rows(actor.organisation_id, organisation.kind, now=now)
        if may_manage
        else (),
        "glass": broken_glass(
            organisation_id=actor.organisation_id, since=now - timedelta(days=GLASS_DAYS)
        )
        if may_manage
        else (),
        "titles": {right.name: right.title for right in wired(RIGHTS)},
        "given": Holding.GIVEN,
        "withheld": Holding.WITHHELD,
        "purposes": PURPOSE_TITLES,
    }
    return page(request, "access/rules.html", context)


@require_POST
@needs("access.staff")
def grant(request: HttpRequest) -> HttpResponse:
    """POST /access/rules/grant/ - give a colleague something, or withhold it, or neither."""
    form = forms.GrantForm(request.POST)
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    persons.set_grant(
        actor=actor_of(request),
        person_id=said["person_id"],
        grant=Grant(said["grant"]),
        holding=Holding(said["holding"]) if said["holding"] else None,
        now=database_now(),
    )
    return redirect_to(request, reverse("access:rules"))


@require_POST
@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """POST /access/ask/ - ask for what a page refused."""
    form = forms.AskForm(request.POST)
    if not form.is_valid() or form.cleaned_data["right"] not in {r.name for r in wired(RIGHTS)}:
        raise Http404
    asking.ask_for(actor=actor_of(request), right=form.cleaned_data["right"], now=database_now())
    return redirect_to(request, reverse("access:rules"))


@require_POST
@needs("access.staff")
def answer(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """POST /access/rules/requests/<id>/ - yes or no to a colleague."""
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    asking.answer(
        actor=actor_of(request),
        request_id=request_id,
        is_granted=form.cleaned_data["answer"] == "yes",
        now=database_now(),
    )
    return redirect_to(request, reverse("access:rules"))


@require_http_methods(["GET", "POST"])
@signed_in
def break_glass(request: HttpRequest, right: str) -> HttpResponse:
    """GET, POST /access/glass/<right>/ - take a right in an emergency, with a reason."""
    actor = actor_of(request)
    found = next((one for one in wired(RIGHTS) if one.name == right), None)
    if found is None:
        raise Http404
    glass.check_breakable(actor, found)
    form = forms.GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        glass.break_glass(
            actor=actor,
            right=right,
            purpose=Purpose(form.cleaned_data["purpose"]),
            why=form.cleaned_data["why"],
            now=database_now(),
        )
        return redirect_to(request, "/")
    status = 422 if request.method == "POST" else 200
    return page(request, "access/glass.html", {"right": found, "form": form}, status=status)


@require_POST
@needs("access.staff")
def review(request: HttpRequest, glass_id: uuid.UUID) -> HttpResponse:
    """POST /access/rules/glass/<id>/review/ - whether it was right."""
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    glass.review_glass(
        actor=actor_of(request),
        glass_id=glass_id,
        was_right=form.cleaned_data["answer"] == "yes",
        now=database_now(),
    )
    return redirect_to(request, reverse("access:rules"))
