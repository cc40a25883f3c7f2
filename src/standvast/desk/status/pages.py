"""The desk's home, a component's history, closures and notices; and the notices people get."""

import uuid
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from standvast.core.health.api import (
    alive,
    component_views,
    findings_between,
    hours_of,
    observations_of,
    open_findings,
    pulses,
)
from standvast.database.api import database_now
from standvast.desk.status.forms import NOTICE_TITLES, AudienceForm, CloseForm, TellForm
from standvast.desk.status.operations import (
    NoticeNotFound,
    close_function,
    end_notice,
    publish_notice,
    put_away,
    reopen_function,
)
from standvast.desk.status.queries import closure_rows, notice_for, notice_rows
from standvast.desk.status.rows import (
    component_row,
    finding_row,
    red_words,
    state_sentence,
    titles,
    variant_words,
)
from standvast.desk.status.rules import NoticeKind, text_in
from standvast.desk.status.slots import FUNCTIONS, OPEN_WORK
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs, signed_in
from standvast.web.api import fragment, notices_for, page, redirect_to
from standvast.web.rendering import wants_fragment

HISTORY_DAYS = 7
LOOKS_SHOWN = 60


class ComponentUnknown(NotFound):
    """No component of this name is declared."""

    code = "status.component_unknown"


@require_GET
@needs("desk.see")
def home(request: HttpRequest) -> HttpResponse:
    """GET /desk/ - how everything stands; htmx renews the part below the heading."""
    now, named = database_now(), titles()
    views, findings = component_views(now), open_findings(now)
    work = [row for rows_of in wired(OPEN_WORK) for row in rows_of(now)]
    context = {
        "now": now,
        "state": state_sentence(views, findings, open_count=len(work)),
        "components": [component_row(view, named) for view in views],
        "findings": [finding_row(finding, named) for finding in findings],
        "work": work,
        "closures": [row for row in closure_rows(now) if row.is_on],
        "processes": _processes(now),
        "functions": _functions(),
        "said": _said,
    }
    if wants_fragment(request):
        return fragment(request, "status/_home.html", context)
    return page(request, "status/home.html", context)


@require_GET
@needs("desk.see")
def component(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /desk/components/<slug>/ - one component: variants, edges, findings, looks."""
    now, named = database_now(), titles()
    view = next((found for found in component_views(now) if found.slug == slug), None)
    if view is None:
        raise ComponentUnknown(marked("There is no such part."))
    hours = sorted(hours_of(slug, now=now, days=HISTORY_DAYS), key=lambda hour: hour.hour)
    by_hour: dict[datetime, list[int]] = {}
    for hour in hours:
        red = by_hour.setdefault(hour.hour, [0, 0])
        red[0] = max(red[0], hour.duration_ms_mean)
        red[1] += hour.red_count
    past = findings_between(_days_before(now), now, target=slug)
    return page(
        request,
        "status/component.html",
        {
            "now": now,
            "view": view,
            "row": component_row(view, named),
            "named": named,
            "variants": [(variant, *variant_words(variant, named)) for variant in view.variants],
            "edges": [(edge, red_words(edge, named)) for edge in view.edges],
            "findings": [finding_row(finding, named) for finding in reversed(past)],
            "hours": list(by_hour),
            "durations": [values[0] for values in by_hour.values()],
            "reds": [values[1] for values in by_hour.values()],
            "looks": observations_of(slug, now=now, hours=2)[:LOOKS_SHOWN],
        },
    )


@needs("desk.close")
def closures(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/closures/ - what is closed; preview or close a function."""
    now = database_now()
    form = CloseForm(request.POST or None, initial=_proposed(request))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "close":
            close_function(
                function=form.cleaned_data["function"],
                organisation_ids=form.organisation_ids(),
                texts=form.texts(),
                reason=form.cleaned_data["reason"],
                until_at=form.until_at(now),
                incident_id=_uuid(request.POST.get("incident")),
                actor=actor_of(request),
                now=now,
            )
            return redirect_to(request, reverse("desk:closures"))
        return _closures_page(request, form, now, preview=_preview(form))
    status = 422 if request.method == "POST" else 200
    return _closures_page(request, form, now, status=status)


def _closures_page(
    request: HttpRequest,
    form: CloseForm,
    now: datetime,
    *,
    preview: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": closure_rows(now),
        "functions": _functions(),
        "preview": preview,
        "said": _said,
        "incident": request.POST.get("incident") or request.GET.get("incident", ""),
    }
    return page(request, "status/closures.html", context, status=status)


@require_POST
@needs("desk.close")
def reopen(request: HttpRequest, closure_id: uuid.UUID) -> HttpResponse:
    """POST /desk/closures/<id>/reopen/"""
    reopen_function(closure_id=closure_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("desk:closures"))


@needs("desk.tell")
def notices(request: HttpRequest) -> HttpResponse:
    """GET, POST /desk/notices/ - what people are told; preview or tell."""
    now = database_now()
    form = TellForm(request.POST or None)
    preview, status = None, 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif request.POST.get("act") == "tell":
            publish_notice(
                kind=NoticeKind(form.cleaned_data["kind"]),
                components=form.cleaned_data["components"],
                organisation_ids=form.organisation_ids(),
                texts=form.texts(),
                until_at=form.until_at(now),
                incident_id=_uuid(request.POST.get("incident")),
                actor=actor_of(request),
                now=now,
            )
            return redirect_to(request, reverse("desk:notices"))
        else:
            preview = _preview(form)
    return page(
        request,
        "status/notices.html",
        {
            "form": form,
            "rows": notice_rows(now),
            "kinds": {kind.value: title for kind, title in NOTICE_TITLES.items()},
            "preview": preview,
            "said": _said,
            "incident": request.POST.get("incident") or request.GET.get("incident", ""),
        },
        status=status,
    )


@require_POST
@needs("desk.tell")
def end(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """POST /desk/notices/<id>/end/"""
    end_notice(notice_id=notice_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("desk:notices"))


@require_GET
@signed_in
def strip(request: HttpRequest) -> HttpResponse:
    """GET /notices/ - the strip alone, for open screens on which something changed."""
    views = notices_for(actor_of(request), now=database_now())
    return fragment(request, "status/_strip.html", {"views": views})


@require_GET
@signed_in
def notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """GET /notices/<id>/ - one notice in full."""
    actor, now = actor_of(request), database_now()
    row = notice_for(notice_id, actor.organisation_id, now)
    if row is None:
        raise NoticeNotFound(marked("There is no such notice."))
    may_put_away = row.kind == NoticeKind.KNOWN_PROBLEM and row.is_on
    context = {"row": row, "said": _said, "may_put_away": may_put_away}
    return page(request, "status/notice.html", context)


@require_POST
@signed_in
def put_notice_away(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """POST /notices/<id>/put-away/"""
    put_away(notice_id=notice_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, "/")


# -- steps -----------------------------------------------------------------------------------


def _days_before(now: datetime) -> datetime:
    return now - timedelta(days=HISTORY_DAYS)


def _processes(now: datetime) -> list[tuple[str, int, int]]:
    """Return kind, how many are alive and errors in the last minute."""
    living = alive(pulses(now, within_s=60), now)
    return [
        (
            kind,
            sum(p.kind == kind for p in living),
            sum(int(p.figures.get("errors_per_minute", 0)) for p in living if p.kind == kind),
        )
        for kind in sorted({p.kind for p in living})
    ]


def _functions() -> dict[str, str]:
    return {known.slug: known.title for known in wired(FUNCTIONS)}


def _said(texts: dict[str, str]) -> str:
    return text_in(texts, get_language() or "en")


def _preview(form: AudienceForm) -> dict[str, object]:
    ids = form.organisation_ids()
    return {"count": None if ids is None else len(ids), "texts": form.texts()}


def _proposed(request: HttpRequest) -> dict[str, str]:
    """Start from a function's own words when its name is in the address."""
    slug = request.GET.get("function", "")
    for known in wired(FUNCTIONS):
        if known.slug == slug:
            return {
                "function": slug,
                **{f"text_{lang}": text for lang, text in known.texts.items()},
            }
    return {}


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
