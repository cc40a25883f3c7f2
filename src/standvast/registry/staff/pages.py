"""Pages about the staff. Translate HTTP to one operation and back; decide nothing."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.kit.errors import Refused
from standvast.kit.wiring import wired
from standvast.registry.access.api import (
    ROLES_BY_KIND,
    ColleagueNotFound,
    Role,
    actor_of,
    may,
    needs,
    signed_in,
)
from standvast.registry.access.api import (
    colleague as colleague_of,
)
from standvast.registry.organisations.api import organisation_view
from standvast.registry.staff.contributions import COLLEAGUE_CARDS
from standvast.registry.staff.forms import AbsenceForm, AskForm, DeclineForm, ProfileForm
from standvast.registry.staff.operations import profiling, requesting
from standvast.registry.staff.queries import profile_of, requests_of
from standvast.web.api import page, redirect_to, sentence

both = require_http_methods(["GET", "POST"])


@both
@needs("staff.ask")
@sensitive_post_parameters()
def requests(request: HttpRequest) -> HttpResponse:
    """GET, POST /staff/requests/ - what was asked in thirty days; ask for an account."""
    actor = actor_of(request)
    roles = ROLES_BY_KIND[organisation_view(actor.organisation_id).kind]
    form = AskForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            requesting.ask_for_account(
                actor=actor,
                name=data["name"],
                email=data["email"],
                mobile=data["mobile"],
                role=Role(data["role"]),
                now=database_now(),
            )
        except Refused as refused:
            is_mobile = refused.code == "staff.mobile_not_right"
            form.add_error("mobile" if is_mobile else None, _said(refused))
        else:
            return redirect_to(request, reverse("staff:requests"))
    return _requests_page(request, form)


def _requests_page(
    request: HttpRequest, form: AskForm, declined: tuple[uuid.UUID, DeclineForm] | None = None
) -> HttpResponse:
    actor = actor_of(request)
    wrong = bool(form.errors) or declined is not None
    return page(
        request,
        "staff/requests.html",
        {
            "requests": requests_of(actor.organisation_id, now=database_now()),
            "form": form,
            "may_manage": may(actor, "access.staff"),
            "declined": declined,
            "decline_form": DeclineForm(),
            "me": actor.person_id,
        },
        status=422 if wrong else 200,
    )


@require_POST
@needs("access.staff")
def invite(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """POST /staff/requests/<id>/invite/ - answer with an invitation."""
    requesting.invite_asked(actor=actor_of(request), request_id=request_id, now=database_now())
    return redirect_to(request, reverse("staff:requests"))


@require_POST
@needs("access.staff")
def decline(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """POST /staff/requests/<id>/decline/ - answer with no, and why."""
    actor, form = actor_of(request), DeclineForm(request.POST)
    if not form.is_valid():
        roles = ROLES_BY_KIND[organisation_view(actor.organisation_id).kind]
        return _requests_page(request, AskForm(roles=roles), (request_id, form))
    requesting.decline_asked(
        actor=actor,
        request_id=request_id,
        reason=form.cleaned_data["reason"],
        now=database_now(),
    )
    return redirect_to(request, reverse("staff:requests"))


@require_POST
@needs("staff.ask")
def withdraw(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """POST /staff/requests/<id>/withdraw/ - take back what I asked."""
    requesting.withdraw_asked(actor=actor_of(request), request_id=request_id, now=database_now())
    return redirect_to(request, reverse("staff:requests"))


@both
@signed_in
def colleague(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """GET, POST /staff/<id>/ - what a colleague does and when; they themselves may say it."""
    form = ProfileForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _colleague_page(request, membership_id, profile_form=form)
    functions, workdays = form.chosen()
    return _done(
        request,
        membership_id,
        lambda: profiling.set_profile(
            actor=actor_of(request),
            membership_id=membership_id,
            functions=functions,
            workdays=workdays,
            now=database_now(),
        ),
        profile_form=form,
    )


@require_POST
@signed_in
def absence(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """POST /staff/<id>/absences/ - somebody is not there for some days."""
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return _colleague_page(request, membership_id, absence_form=form)
    return _done(
        request,
        membership_id,
        lambda: profiling.add_absence(
            actor=actor_of(request),
            membership_id=membership_id,
            days=form.days(),
            now=database_now(),
        ),
        absence_form=form,
    )


@require_POST
@signed_in
def absence_end(
    request: HttpRequest, membership_id: uuid.UUID, absence_id: uuid.UUID
) -> HttpResponse:
    """POST /staff/<id>/absences/<id>/end/ - they are there after all."""
    profiling.end_absence(
        actor=actor_of(request),
        membership_id=membership_id,
        absence_id=absence_id,
        now=database_now(),
    )
    return redirect_to(request, reverse("staff:colleague", args=[membership_id]))


def _done(
    request: HttpRequest,
    membership_id: uuid.UUID,
    act: Callable[[], object],
    *,
    profile_form: ProfileForm | None = None,
    absence_form: AbsenceForm | None = None,
) -> HttpResponse:
    """Do it and go back to the colleague; what was handed in wrongly stays on screen."""
    try:
        act()
    except (profiling.NotYourProfile, ColleagueNotFound):
        raise
    except Refused as refused:
        form = profile_form or absence_form
        assert form is not None
        form.add_error(None, _said(refused))
        return _colleague_page(
            request, membership_id, profile_form=profile_form, absence_form=absence_form
        )
    return redirect_to(request, reverse("staff:colleague", args=[membership_id]))


def _colleague_page(
    request: HttpRequest,
    membership_id: uuid.UUID,
    *,
    profile_form: ProfileForm | None = None,
    absence_form: AbsenceForm | None = None,
) -> HttpResponse:
    actor, now = actor_of(request), database_now()
    one = colleague_of(actor.organisation_id, membership_id, now=now)
    held = profile_of(one.person_id, actor.organisation_id, now=now)
    cards = (ask(actor, membership_id, one.person_id, now) for ask in wired(COLLEAGUE_CARDS))
    initial = {"functions": [f.value for f in held.functions], "workdays": list(held.workdays)}
    wrong = [form for form in (profile_form, absence_form) if form is not None and form.errors]
    return page(
        request,
        "staff/colleague.html",
        {
            "one": one,
            "profile": held,
            "may_change": profiling.may_change(actor, one),
            "is_me": one.person_id == actor.person_id,
            "profile_form": profile_form or ProfileForm(initial=initial),
            "absence_form": absence_form or AbsenceForm(),
            "cards": [card for card in cards if card is not None],
        },
        status=422 if wrong else 200,
    )


def _said(refused: Refused) -> str:
    return sentence(refused.template, refused.values)
