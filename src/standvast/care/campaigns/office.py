"""Pages of the programme office: seasons, days, the checklist, the opening night."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standvast.care.campaigns import rules
from standvast.care.campaigns.forms import ChangeSeasonForm, DayForm, SeasonForm
from standvast.care.campaigns.letters import season_title
from standvast.care.campaigns.months import months_of
from standvast.care.campaigns.night import night_view
from standvast.care.campaigns.operations.days import CapacityBelowSold, change_day
from standvast.care.campaigns.operations.seasons import (
    NewSeason,
    SeasonExists,
    change_season,
    close_season,
    open_season,
    pause_season,
    plan_season,
    resume_season,
)
from standvast.care.campaigns.queries import (
    days_of,
    season_checklist,
    season_filled,
    season_terms,
    seasons,
)
from standvast.care.campaigns.workdays import working_days
from standvast.database.api import database_now
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.registry.organisations.api import OrganisationView, organisation_view
from standvast.web.api import page, redirect_to, say

RIGHT = "campaigns.office"
HIT_SHOWN_MAX = 100
ACTS: Mapping[str, Callable[..., None]] = {
    "open": open_season,
    "pause": pause_season,
    "resume": resume_season,
    "close": close_season,
}


class ActUnknown(NotFound):
    """There is no such act on a season."""

    code = "campaigns.act_unknown"


@require_GET
@needs(RIGHT)
def seasons_page(request: HttpRequest) -> HttpResponse:
    """Show every season."""
    rows = []
    for terms in seasons():
        days = days_of(terms.id)
        rows.append(
            {
                "terms": terms,
                "title": season_title(terms.programme, terms.year),
                "doses_taken": sum(day.doses_taken for day in days),
                "doses_max": sum(day.doses_max for day in days),
            }
        )
    return page(request, "campaigns/office_seasons.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def new_page(request: HttpRequest) -> HttpResponse:
    """Fill in a season, look at it beforehand, and make it."""
    actor, now = actor_of(request), database_now()
    form = SeasonForm(request.POST or None, initial={"year": timezone.localdate(now).year + 1})
    context: dict[str, Any] = {"form": form, "said": "", "preview": None}
    status = 200
    if request.method == "POST" and form.is_valid():
        new = _new_season(form.cleaned_data)
        if request.POST.get("act") == "make":
            try:
                slug = plan_season(new, actor=actor, now=now)
                return redirect_to(request, f"/office/campaigns/{slug}/")
            except SeasonExists as refused:
                context["said"], status = say(refused, actor.language), 409
        context["preview"] = _preview(new, now=now)
    elif request.method == "POST":
        status = 422
    return page(request, "campaigns/office_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def change_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Mend a planned season, look at it beforehand, and keep it."""
    actor, now, terms = actor_of(request), database_now(), season_terms(slug)
    rules.check_season_state(terms.state, rules.SeasonState.PLANNED)
    form = ChangeSeasonForm(request.POST or None, initial=season_filled(slug))
    context: dict[str, Any] = {"form": form, "said": "", "preview": None, "terms": terms}
    status = 200
    if request.method == "POST" and form.is_valid():
        fixed = {"programme": terms.programme, "year": terms.year}
        new = _new_season({**form.cleaned_data, **fixed})
        if request.POST.get("act") == "make":
            change_season(slug=slug, new=new, actor=actor, now=now)
            return redirect_to(request, f"/office/campaigns/{slug}/")
        context["preview"] = _preview(new, now=now)
    elif request.method == "POST":
        status = 422
    context["title"] = season_title(terms.programme, terms.year)
    return page(request, "campaigns/office_change.html", context, status=status)


@require_GET
@needs(RIGHT)
def season_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a season: where it stands, its checklist, its days."""
    return _season_page(request, slug)


@require_POST
@needs(RIGHT)
def change_state(request: HttpRequest, slug: str) -> HttpResponse:
    """Open, pause, resume or close a season."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise ActUnknown(marked("There is no such act."))
    try:
        act(slug=slug, actor=actor_of(request), now=database_now())
    except Refused as refused:
        if isinstance(refused, NotFound):
            raise
        return _season_page(request, slug, said=say(refused, actor_of(request).language))
    return redirect_to(request, f"/office/campaigns/{slug}/")


@require_http_methods(["GET", "POST"])
@needs(RIGHT)
def day_page(request: HttpRequest, slug: str, on: str) -> HttpResponse:
    """Change a day's capacities, or close it; never below what is sold."""
    actor, terms = actor_of(request), season_terms(slug)
    day = next((day for day in days_of(terms.id) if day.on.isoformat() == on), None)
    if day is None:
        raise rules.SeasonNotFound(marked("Nothing is delivered on that date."))
    initial = {
        "doses_max": day.doses_max,
        "addresses_max": day.addresses_max,
        "is_closed": day.is_closed,
    }
    form = DayForm(request.POST or None, initial=initial)
    said, status = "", 200
    hit: Sequence[OrganisationView] = ()
    if request.method == "POST" and form.is_valid():
        try:
            change_day(slug=slug, on=day.on, actor=actor, now=database_now(), **form.cleaned_data)
            return redirect_to(request, f"/office/campaigns/{slug}/")
        except CapacityBelowSold as refused:
            said, status = say(refused, actor.language), 409
            hit = [organisation_view(found) for found in refused.organisation_ids[:HIT_SHOWN_MAX]]
    elif request.method == "POST":
        status = 422
    context = {
        "terms": terms,
        "title": season_title(terms.programme, terms.year),
        "day": day,
        "form": form,
        "said": said,
        "hit": hit,
    }
    return page(request, "campaigns/office_day.html", context, status=status)


@require_GET
@needs(RIGHT)
def night_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Watch the opening night."""
    return page(request, "campaigns/night.html", _night(slug))


@require_GET
@needs(RIGHT)
def night_fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """The board as it is now."""
    return page(request, "campaigns/_night.html", _night(slug))


def _night(slug: str) -> dict[str, object]:
    terms = season_terms(slug)
    title = season_title(terms.programme, terms.year)
    return {"terms": terms, "title": title, "night": night_view(terms, now=database_now())}


def _season_page(request: HttpRequest, slug: str, *, said: str = "") -> HttpResponse:
    terms, now = season_terms(slug), database_now()
    days = days_of(terms.id)
    context = {
        "terms": terms,
        "title": season_title(terms.programme, terms.year),
        "checklist": season_checklist(slug, now=now),
        "days": days,
        "said": said,
    }
    return page(request, "campaigns/office_season.html", context, status=409 if said else 200)


def _new_season(filled: Mapping[str, Any]) -> NewSeason:
    values = dict(filled)
    values["programme"] = rules.Programme(values["programme"])
    return NewSeason(**values, region=settings.REGION)


def _preview(new: NewSeason, *, now: datetime) -> dict[str, object]:
    """Return what the season would look like: its days, what it could sell, until when it moves."""
    dates = working_days(new.first_on, count=new.days_count, region=new.region)
    days = [
        rules.Day(0, 0, on, new.doses_per_day, 0, new.addresses_per_day, 0, False, 1)
        for on in dates
    ]
    last: date = dates[-1]
    return {
        "title": season_title(new.programme, new.year),
        "first_on": dates[0],
        "last_on": last,
        "days_count": len(days),
        "doses": new.doses_per_day * len(days),
        "addresses": new.addresses_per_day * len(days),
        "months": months_of(days, step=new.step, today=timezone.localdate(now)),
    }
