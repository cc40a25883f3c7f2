"""Pages about access. Translate HTTP to one operation and back; decide nothing."""

import uuid
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.kit.errors import Refused
from standvast.kit.wiring import wired
from standvast.registry.access import joining, operations, working
from standvast.registry.access.contributions import STAFF_LINES, STAFF_LINKS, ColleagueLine
from standvast.registry.access.doors import enter, leave
from standvast.registry.access.forms import (
    HelpSearchForm,
    InviteForm,
    JoinForm,
    OrganisationForm,
)
from standvast.registry.access.guards import (
    actor_of,
    address_of,
    forget_actor,
    may,
    needs,
    signed_in,
)
from standvast.registry.access.links import join_link
from standvast.registry.access.queries import open_invitations, staff_of
from standvast.registry.access.rules import HELPED_AS, ROLE_TITLES, ROLES_BY_KIND, Role
from standvast.registry.organisations.api import organisation_view, search_organisations
from standvast.registry.people.api import Person, doubts_about, person_by_login_name
from standvast.web.api import page, redirect_to, sentence


def _chosen_id(request: HttpRequest) -> uuid.UUID:
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        raise Http404
    found = form.cleaned_data["organisation"]
    assert isinstance(found, uuid.UUID)
    return found


@require_POST
@signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """POST /access/switch/ - work for another of one's organisations."""
    assert isinstance(request.user, Person)
    working.work_for(
        session=request.session,
        person_id=request.user.id,
        organisation_id=_chosen_id(request),
        address=address_of(request),
        now=database_now(),
    )
    forget_actor(request)
    return redirect_to(request, "/")


@require_GET
@signed_in
def staff(request: HttpRequest) -> HttpResponse:
    """GET /access/staff/ - who works here; everybody may look, some may change it."""
    return _staff_page(request, None)


def _staff_page(request: HttpRequest, form: InviteForm | None, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), database_now()
    organisation = organisation_view(actor.organisation_id)
    may_manage = may(actor, "access.staff")
    colleagues = staff_of(actor.organisation_id, now=now)
    return page(
        request,
        "access/staff.html",
        {
            "organisation": organisation,
            "colleagues": colleagues,
            "invitations": open_invitations(actor.organisation_id, now=now) if may_manage else (),
            "may_manage": may_manage,
            "form": form or InviteForm(roles=ROLES_BY_KIND[organisation.kind]),
            "me": actor.person_id,
            "lines": _lines(actor.organisation_id, now),
            "links": [
                (link, link.count(actor, now))
                for link in wired(STAFF_LINKS)
                if may(actor, link.right)
            ],
            "doubts": doubts_about([one.person_id for one in colleagues]) if may_manage else {},
        },
        status=status,
    )


def _lines(organisation_id: uuid.UUID, now: datetime) -> dict[uuid.UUID, tuple[ColleagueLine, str]]:
    """Return what is known of each colleague beside their role, by membership."""
    found = [ask(organisation_id, now) for ask in wired(STAFF_LINES)]
    lines = {key: line for part in found for key, line in part.items()}
    return {key: (line, sentence(line.today, line.values or {})) for key, line in lines.items()}


@require_POST
@needs("access.staff")
def invite(request: HttpRequest) -> HttpResponse:
    """POST /access/staff/invite/ - mail somebody an invitation."""
    actor = actor_of(request)
    kind = organisation_view(actor.organisation_id).kind
    form = InviteForm(request.POST, roles=ROLES_BY_KIND[kind])
    if not form.is_valid():
        return _staff_page(request, form, status=422)
    joining.invite(
        actor=actor,
        email=form.cleaned_data["email"],
        role=Role(form.cleaned_data["role"]),
        link_of=join_link,
        now=database_now(),
    )
    return redirect_to(request, reverse("access:staff"))


@require_POST
@needs("access.staff")
def withdraw(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """POST /access/staff/invitations/<id>/withdraw/ - the link stops working."""
    joining.withdraw_invitation(
        actor=actor_of(request), invitation_id=invitation_id, now=database_now()
    )
    return redirect_to(request, reverse("access:staff"))


@require_POST
@needs("access.staff")
def end(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """POST /access/staff/<id>/end/ - a colleague no longer works here."""
    operations.end_membership(
        actor=actor_of(request), membership_id=membership_id, now=database_now()
    )
    return redirect_to(request, reverse("access:staff"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """GET, POST /access/join/<token>/ - accept an invitation; the token is the key."""
    now = database_now()
    welcome = joining.welcome_of(token, now=now)
    if welcome.is_known:
        return _join_as_known(request, token, welcome)
    form = JoinForm(request.POST or None, email=welcome.email, initial={"username": welcome.email})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person_id = joining.accept_as_new_person(
                    token=token,
                    username=form.cleaned_data["username"],
                    display_name=form.cleaned_data["display_name"],
                    password=form.cleaned_data["password"],
                    language=get_language() or "nl",
                    now=now,
                )
            except Refused as refused:
                form.add_error("username", sentence(refused.template, refused.values))
            else:
                return enter(request, person_id)
    context = {"welcome": welcome, "role": ROLE_TITLES[welcome.role], "form": form}
    return page(request, "access/join.html", context, status=status)


def _join_as_known(request: HttpRequest, token: str, welcome: joining.Welcome) -> HttpResponse:
    is_me = isinstance(request.user, Person) and request.user == person_by_login_name(welcome.email)
    if request.method == "POST" and isinstance(request.user, Person):
        joining.accept_as_known_person(token=token, person_id=request.user.id, now=database_now())
        return redirect_to(request, "/")
    context = {"welcome": welcome, "role": ROLE_TITLES[welcome.role], "is_me": is_me}
    return page(request, "access/join_known.html", context)


@require_POST
def persona(request: HttpRequest) -> HttpResponse:
    """POST /access/persona/ - in a demo: be somebody. There is no such page elsewhere."""
    if not settings.DEMO:
        raise Http404
    person = person_by_login_name(request.POST.get("username", "")[:254])
    if person is None or not person.is_persona or not person.is_active:
        raise Http404
    leave(request)
    return enter(request, person.id)


@require_http_methods(["GET", "POST"])
@needs("access.help")
def help_search(request: HttpRequest) -> HttpResponse:
    """GET, POST /access/help/ - find whom to help; the words travel by POST."""
    form = HelpSearchForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    found = search_organisations(form.cleaned_data["text"], *HELPED_AS) if is_asked else ()
    status = 422 if request.method == "POST" and not is_asked else 200
    context = {"form": form, "found": found, "is_asked": is_asked}
    return page(request, "access/help.html", context, status=status)


@require_POST
@needs("access.help")
def help_start(request: HttpRequest) -> HttpResponse:
    """POST /access/help/start/ - act for a practice on the telephone."""
    working.start_helping(
        session=request.session,
        actor=actor_of(request),
        organisation_id=_chosen_id(request),
        now=database_now(),
    )
    forget_actor(request)
    return redirect_to(request, "/")


@require_http_methods(["GET", "POST"])
@signed_in
def help_stop(request: HttpRequest) -> HttpResponse:
    """GET, POST /access/help/stop/ - act for one's own organisation again."""
    if request.method == "GET":
        helped = organisation_view(actor_of(request).organisation_id)
        return page(request, "access/help_stop.html", {"helped": helped})
    working.stop_helping(session=request.session, actor=actor_of(request), now=database_now())
    forget_actor(request)
    return redirect_to(request, "/")
