"""Pages of releases: the register, one release with its gates, and what may be done with it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.database.api import database_now
from standvast.desk.releases import forms
from standvast.desk.releases.operations import outside, planning, promoting, running, showing
from standvast.desk.releases.queries.around import environment_rows, nearest_rows
from standvast.desk.releases.queries.releases import release_rows, release_view
from standvast.desk.releases.queries.rows import ReleaseView
from standvast.desk.releases.rules.answer import Verdict
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.states import BEFORE_START, HotfixFor, State
from standvast.desk.releases.slots import calendar
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, may, needs
from standvast.web.api import page, redirect_to

OUTSIDE_SPAN = timedelta(days=30)
BADGES = {Result.OK: "ok", Result.FAILED: "harm", Result.INCONCLUSIVE: "late"}
RESULT_TITLES = {
    Result.OK: marked("shown"),
    Result.FAILED: marked("failed"),
    Result.INCONCLUSIVE: marked("not shown"),
}
VERDICT_TITLES = {
    Verdict.ALLOWED: marked("Allowed."),
    Verdict.NEEDS_APPROVER: marked("Needs the release manager's approval."),
    Verdict.REFUSED: marked("Refused."),
}
VERDICT_KINDS = {Verdict.ALLOWED: "ok", Verdict.NEEDS_APPROVER: "late", Verdict.REFUSED: "harm"}
ENVIRONMENT_TITLES = {
    "test": marked("Test"),
    "acceptance": marked("Acceptance"),
    "production": marked("Production"),
}
STATE_BADGES = {
    State.PLANNED: "info",
    State.CHECKED: "ok",
    State.STARTED: "late",
    State.FINISHED: "ok",
    State.REVERTED: "harm",
    State.WITHDRAWN: "off",
}


class ActUnknown(NotFound):
    """There is no such act."""

    code = "releases.act_unknown"


@require_GET
@needs("desk.releases.see")
def all_releases(request: HttpRequest) -> HttpResponse:
    """GET /desk/releases/ - the register, where digests stand, what others change."""
    return page(request, "releases/all.html", _all(request))


def _all(request: HttpRequest, **bound: django_forms.Form) -> dict[str, object]:
    now = database_now()
    return {
        "rows": release_rows(),
        "next_window": calendar().next_window(now),
        "environments": environment_rows(),
        "environment_titles": ENVIRONMENT_TITLES,
        "outside": nearest_rows(now, OUTSIDE_SPAN),
        "plan_form": bound.get("plan") or forms.PlanForm(auto_id="plan_%s"),
        "outside_form": bound.get("outside") or forms.OutsideForm(auto_id="outside_%s"),
        "opened": next(iter(bound), ""),
        "state_badges": STATE_BADGES,
        "may_act": may(actor_of(request), "desk.releases.act"),
    }


@require_POST
@needs("desk.releases.act")
def plan(request: HttpRequest) -> HttpResponse:
    """POST /desk/releases/-/plan/ - put a build into the register."""
    form = forms.PlanForm(request.POST, auto_id="plan_%s")
    if not form.is_valid():
        return page(request, "releases/all.html", _all(request, plan=form), status=422)
    data = dict(form.cleaned_data)
    chosen = data.pop("hotfix_for")
    version = planning.plan_release(
        plan=planning.Plan(hotfix_for=HotfixFor(chosen) if chosen else None, **data),
        actor=actor_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("releases:one", args=[version]))


@require_POST
@needs("desk.releases.act")
def add_outside(request: HttpRequest) -> HttpResponse:
    """POST /desk/releases/-/outside/ - put a change of somebody else on the calendar."""
    form = forms.OutsideForm(request.POST, auto_id="outside_%s")
    if not form.is_valid():
        return page(request, "releases/all.html", _all(request, outside=form), status=422)
    outside.add_outside_change(actor=actor_of(request), now=database_now(), **form.cleaned_data)
    return redirect_to(request, reverse("releases:all"))


@require_GET
@needs("desk.releases.see")
def one(request: HttpRequest, version: str) -> HttpResponse:
    """GET /desk/releases/<version>/ - each gate, and what the rule says then and now."""
    view = release_view(version, database_now())
    return page(request, "releases/one.html", _one(request, view))


def _one(request: HttpRequest, view: ReleaseView, **bound: django_forms.Form) -> dict[str, object]:
    actor = actor_of(request)
    blank = {name: form(auto_id=f"{name}_%s") for name, (form, _) in ACTS.items()}
    return {
        "view": view,
        "row": view.row,
        "acts": blank | bound,
        "opened": next(iter(bound), ""),
        "badges": BADGES,
        "gate_titles": {judgement.gate: judgement.title for judgement in view.judgements},
        "result_titles": RESULT_TITLES,
        "verdict_titles": VERDICT_TITLES,
        "verdict_kinds": VERDICT_KINDS,
        "environment_titles": ENVIRONMENT_TITLES,
        "is_before_start": view.row.state in BEFORE_START,
        "may_act": may(actor, "desk.releases.act"),
        "may_approve": may(actor, "desk.releases.approve"),
    }


Run = Callable[[str, Mapping[str, Any], Actor, datetime], object]


def _as_given(operation: Callable[..., object]) -> Run:
    """Return a runner for an operation whose arguments are the form's fields."""
    return lambda version, data, actor, now: operation(
        version=version, actor=actor, now=now, **data
    )


ACTS: dict[str, tuple[type[django_forms.Form], Run]] = {
    "check": (forms.NothingForm, _as_given(showing.check)),
    "calendar": (forms.NothingForm, _as_given(outside.look_at_calendar)),
    "build": (forms.BuildForm, _as_given(planning.change_build)),
    "start-in": (forms.PlaceForm, _as_given(promoting.start_in)),
    "finish-in": (forms.PlaceForm, _as_given(promoting.finish_in)),
    "start": (forms.NothingForm, _as_given(running.start)),
    "finish": (forms.NothingForm, _as_given(running.finish)),
    "revert": (forms.NothingForm, _as_given(running.revert)),
    "withdraw": (forms.NothingForm, _as_given(planning.withdraw)),
    "break-glass": (forms.GlassForm, _as_given(running.break_glass)),
}


@require_POST
@needs("desk.releases.approve")
def approve(request: HttpRequest, version: str) -> HttpResponse:
    """POST /desk/releases/<version>/approve/ - approve this build by name."""
    running.approve(version=version, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("releases:one", args=[version]))


@require_POST
@needs("desk.releases.act")
def act(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """POST /desk/releases/<version>/<act>/ - do it and show the release again."""
    if name not in ACTS:
        raise ActUnknown(marked("There is no such act."))
    form_class, run = ACTS[name]
    form, now = form_class(request.POST, auto_id=f"{name}_%s"), database_now()
    if not form.is_valid():
        context = _one(request, release_view(version, now), **{name: form})
        return page(request, "releases/one.html", context, status=422)
    run(version, form.cleaned_data, actor_of(request), now)
    return redirect_to(request, reverse("releases:one", args=[version]))
