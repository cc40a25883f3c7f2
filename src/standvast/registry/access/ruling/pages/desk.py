"""The desk's pages of rules: versions, their shadow, exceptions. Decide nothing."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.guards import actor_of, may, needs
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.ruling import forms
from standvast.registry.access.ruling.declared import declared_text
from standvast.registry.access.ruling.holdings import broken_glass, open_exceptions
from standvast.registry.access.ruling.operations import asking, persons, shadowing, versions
from standvast.registry.access.ruling.practice import open_requests
from standvast.registry.access.ruling.queries import (
    VersionRow,
    enforced_text,
    version_row,
    version_rows,
)
from standvast.registry.access.ruling.question import PURPOSE_TITLES, Layer
from standvast.registry.access.ruling.reading import faults_in, statements_of
from standvast.registry.access.ruling.records import enforced_set, set_with
from standvast.registry.access.ruling.reports import DifferenceRow, ReportView, report_of
from standvast.registry.access.ruling.rules import SHADOWED, State
from standvast.web.api import page, redirect_to

GLASS_DAYS = 30
UNANSWERED = timedelta(days=1)
"""What an organisation could give and has not answered by then may be excepted by the desk."""
SHOWN_MAX = 100
"""Losses on the page; the first act covers all of them."""
LAYER_TITLES = {
    Layer.ROUTE: marked("pages"),
    Layer.RECORD: marked("records"),
    Layer.MENU: marked("menus"),
}
BADGES = {
    State.PROPOSED: "info",
    State.SHADOWING: "late",
    State.APPROVED: "ok",
    State.ENFORCED: "ok",
    State.REPLACED: "off",
    State.TAKEN_BACK: "harm",
    State.WITHDRAWN: "off",
}
EXAMPLE = """\
@id("agreements.gps-only")
@sentence("Only GPs read agreements")
forbid (principal, action == Action::"agreements.see", resource)
when { principal.role != "gp" };
"""


class ActUnknown(NotFound):
    """There is no such act."""

    code = "access.act_unknown"


@require_GET
@needs("desk.access.see")
def home(request: HttpRequest) -> HttpResponse:
    """GET /desk/access/ - versions, what is laid on top now, exceptions, broken glass."""
    return _home_page(request)


def _home_page(
    request: HttpRequest,
    asked_id: uuid.UUID | None = None,
    bound: django_forms.Form | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    now = database_now()
    text = enforced_text()
    in_a_week = {"until_at": now + timedelta(days=7)}
    context = {
        "rows": version_rows(),
        "badges": BADGES,
        "added": statements_of(text),
        "declared": declared_text(wired(RIGHTS)),
        "exceptions": open_exceptions(now=now),
        "glass": broken_glass(since=now - timedelta(days=GLASS_DAYS)),
        "requests": [
            (
                one,
                bound
                if bound is not None and one.id == asked_id
                else forms.ExceptAllForm(initial=in_a_week, auto_id=f"asked_{number}_%s"),
            )
            for number, one in enumerate(open_requests(now=now))
            if one.grant is None or now - one.asked_at > UNANSWERED
        ],
        "titles": {right.name: right.title for right in wired(RIGHTS)},
        "purposes": PURPOSE_TITLES,
        "may_act": may(actor_of(request), "desk.access.act"),
    }
    return page(request, "access/rules_desk.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs("desk.access.act")
def propose(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/access/-/propose/ - hand in a text; what is wrong comes back by line."""
    if request.method == "GET":
        form = forms.ProposeForm(initial={"text": enforced_text()})
        return page(
            request, "access/propose.html", {"form": form, "faults": [], "example": EXAMPLE}
        )
    form = forms.ProposeForm(request.POST)
    is_valid = form.is_valid()
    text = form.cleaned_data.get("text", "")
    faults = faults_in(text, wired(RIGHTS)) if text else []
    if not is_valid or faults:
        context = {"form": form, "faults": faults, "example": EXAMPLE}
        return page(request, "access/propose.html", context, status=422)
    number = versions.propose(
        actor=actor_of(request), text=text, why=form.cleaned_data["why"], now=database_now()
    )
    return redirect_to(request, reverse("access:rules_version", args=[number]))


@require_GET
@needs("desk.access.see")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """GET /desk/access/<number>/ - the text, and who would lose or gain what."""
    return _version_page(request, number)


def _version_page(
    request: HttpRequest,
    number: int,
    bound: django_forms.Form | None = None,
    *,
    all_form: django_forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    row, now, actor = version_row(number), database_now(), actor_of(request)
    report = report_of(number, now=now)
    in_a_week = {"until_at": now + timedelta(days=7)}
    context = {
        "row": row,
        "statements": statements_of(row.text),
        "report": report,
        "is_of_now": report is not None and _is_of_now(row, report),
        "badges": BADGES,
        "layer_titles": LAYER_TITLES,
        "titles": {right.name: right.title for right in wired(RIGHTS)},
        "losses": [
            (one, _except_form(number, one, bound, in_a_week))
            for number, one in enumerate(report.losses[:SHOWN_MAX] if report else ())
        ],
        "all_form": all_form or forms.ExceptAllForm(initial=in_a_week, auto_id="all_%s"),
        "is_shadowed": row.state in SHADOWED,
        "may_act": may(actor, "desk.access.act"),
        "may_approve": may(actor, "desk.access.approve"),
        "is_own": row.proposed_by_id == actor.person_id,
    }
    return page(request, "access/version.html", context, status=status)


def _is_of_now(row: VersionRow, report: ReportView) -> bool:
    """Whether a report compares these rules, as they are declared now, with those that decide."""
    is_same = report.digest == set_with(row.text).digest
    return is_same and (row.state not in SHADOWED or report.shown.live == enforced_set().digest)


def _except_form(
    place: int, loss: DifferenceRow, bound: django_forms.Form | None, initial: dict[str, datetime]
) -> django_forms.Form:
    """Return the form for one loss: what came back with faults, if it was for this one."""
    said = bound.data if bound is not None else {}
    if (said.get("person_id"), said.get("right")) == (str(loss.person_id), loss.right):
        assert bound is not None
        return bound
    return forms.ExceptForm(initial=initial, auto_id=f"loss_{place}_%s")


ACTS: dict[str, Callable[[Actor, int, datetime], None]] = {
    "shadow": lambda actor, number, now: shadowing.shadow(actor=actor, number=number, now=now),
    "replay": lambda actor, number, now: shadowing.replay(actor=actor, number=number, now=now),
    "enforce": lambda actor, number, now: versions.enforce(actor=actor, number=number, now=now),
    "take-back": lambda actor, number, now: versions.take_back(actor=actor, number=number, now=now),
    "withdraw": lambda actor, number, now: versions.withdraw(actor=actor, number=number, now=now),
}


@require_POST
@needs("desk.access.act")
def act(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """POST /desk/access/<number>/<act>/ - do it and show the version again."""
    if name not in ACTS:
        raise ActUnknown(marked("There is no such act."))
    ACTS[name](actor_of(request), number, database_now())
    return redirect_to(request, reverse("access:rules_version", args=[number]))


@require_POST
@needs("desk.access.approve")
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """POST /desk/access/<number>/approve/ - by a second person."""
    versions.approve(actor=actor_of(request), number=number, now=database_now())
    return redirect_to(request, reverse("access:rules_version", args=[number]))


@require_POST
@needs("desk.access.act")
def except_one(request: HttpRequest, number: int) -> HttpResponse:
    """POST /desk/access/<number>/except/ - somebody keeps what they have until a moment."""
    form = forms.ExceptForm(request.POST)
    if not form.is_valid():
        return _version_page(request, number, form, status=422)
    persons.except_person(
        actor=actor_of(request), number=number, now=database_now(), **form.cleaned_data
    )
    return redirect_to(request, reverse("access:rules_version", args=[number]))


@require_POST
@needs("desk.access.act")
def except_all(request: HttpRequest, number: int) -> HttpResponse:
    """POST /desk/access/<number>/except-all/ - everybody keeps what they have until a moment."""
    form = forms.ExceptAllForm(request.POST, auto_id="all_%s")
    if not form.is_valid():
        return _version_page(request, number, all_form=form, status=422)
    persons.except_everybody(
        actor=actor_of(request), number=number, now=database_now(), **form.cleaned_data
    )
    return redirect_to(request, reverse("access:rules_version", args=[number]))


@require_POST
@needs("desk.access.act")
def except_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """POST /desk/access/-/requests/<id>/ - give what was asked for, until a moment."""
    form = forms.ExceptAllForm(request.POST)
    if not form.is_valid():
        return _home_page(request, request_id, form, status=422)
    asking.except_request(
        actor=actor_of(request), request_id=request_id, now=database_now(), **form.cleaned_data
    )
    return redirect_to(request, reverse("access:rules_desk"))


@require_POST
@needs("desk.access.act")
def end_exception(request: HttpRequest, exception_id: uuid.UUID) -> HttpResponse:
    """POST /desk/access/-/exceptions/<id>/end/ - before its time."""
    persons.end_exception(actor=actor_of(request), exception_id=exception_id, now=database_now())
    return redirect_to(request, reverse("access:rules_desk"))
