"""Pages of the dashboard. Translate HTTP to one operation and back; decide nothing."""

import csv
import uuid
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from standvast.care.dashboards.forms import FilterForm
from standvast.care.dashboards.operations.counting import count_again, keep_counted
from standvast.care.dashboards.operations.looking import export, look
from standvast.care.dashboards.queries import (
    RIGHT,
    NotYours,
    check_own,
    codes_of,
    has_sources,
    own_organisations,
)
from standvast.care.dashboards.rules.cells import Window, months_later, window_at
from standvast.care.dashboards.rules.tables import Asked
from standvast.care.dashboards.showing import charts_of, file_rows, number_said, query_of
from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.web.api import page, redirect_to

COLUMN_MARK = ";"


class FiltersNotRight(Invalid):
    """The filters name months or activities that are not there."""

    code = "dashboards.filters_not_right"


@dataclass(frozen=True)
class _Question:
    """Who asks for what; `asked` is None when the filters cannot be right."""

    actor: Actor
    window: Window
    form: FilterForm
    has_counts: bool
    asked: Asked | None


@require_GET
@needs(RIGHT)
def board(request: HttpRequest) -> HttpResponse:
    """GET /dashboards/ - the dashboard, by the filters in the address."""
    question = _question(request)
    context = _context(question)
    return page(request, "dashboards/board.html", context, status=200 if question.asked else 422)


@require_GET
@needs(RIGHT)
def board_now(request: HttpRequest) -> HttpResponse:
    """GET /dashboards/now/ - the part that follows the filters, for htmx."""
    question = _question(request)
    status = 200 if question.asked else 422
    answer = page(request, "dashboards/_now.html", _context(question), status=status)
    if question.asked:
        answer.headers["HX-Push-Url"] = _address(question.asked)
    return answer


@require_GET
@needs(RIGHT)
def file(request: HttpRequest) -> HttpResponse:
    """GET /dashboards/file/ - the same tables as CSV, with the same numbers hidden."""
    question = _question(request)
    if question.asked is None:
        raise FiltersNotRight(marked("These months or activities cannot be shown together."))
    found = export(
        actor=question.actor, asked=question.asked, window=question.window, now=database_now()
    )
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="dashboard.csv"'
    answer["Cache-Control"] = "no-store, private"
    csv.writer(answer, delimiter=COLUMN_MARK).writerows(file_rows(found))
    return answer


@require_POST
@needs(RIGHT)
def again(request: HttpRequest) -> HttpResponse:
    """POST /dashboards/again/ - count anew, and back to the same filters."""
    actor = actor_of(request)
    count_again(actor=actor, organisation_ids=_practices(request, actor), now=database_now())
    return redirect_to(request, f"{reverse('dashboards:board')}?{request.GET.urlencode()}")


def _question(request: HttpRequest) -> _Question:
    actor, at = actor_of(request), database_now()
    own, chosen = own_organisations(actor), _practices(request, actor)
    window = window_at(timezone.localdate(at))
    keep_counted(organisation_ids=chosen, now=at)
    codes = codes_of(chosen, window)
    form = FilterForm(
        request.GET,
        window=window,
        own=own,
        here=actor.organisation_id,
        programmes=codes.programmes,
        paths=codes.paths,
    )
    asked = form.asked() if form.is_valid() else None
    return _Question(actor, window, form, bool(codes.programmes), asked)


def _practices(request: HttpRequest, actor: Actor) -> list[uuid.UUID]:
    """Return which of one's own practices are meant; the one that one works for, unless said.

    :raises NotYours: if one of them is not their own.
    """
    try:
        chosen = [uuid.UUID(one) for one in request.GET.getlist("practice")]
    except ValueError as error:
        raise NotYours(marked("You do not see the dashboard of this practice.")) from error
    found = check_own(actor, set(chosen or [actor.organisation_id]))
    return [one.actor.organisation_id for one in found]


def _context(question: _Question) -> dict[str, object]:
    context: dict[str, object] = {
        "form": question.form,
        "has_sources": has_sources(),
        "look": None,
    }
    if question.asked is None:
        return context
    seen = look(
        actor=question.actor, asked=question.asked, window=question.window, now=database_now()
    )
    period = question.asked.period
    return context | {
        "look": seen,
        "has_counts": question.has_counts,
        "charts": charts_of(seen, question.asked),
        "asked": question.asked,
        "total": number_said(seen.board.total),
        "enrolled": number_said(seen.board.enrolled[-1].number),
        "last_month": months_later(period.until_on, -1),
        "query": query_of(question.asked),
        "up": _up(question.asked),
    }


def _up(asked: Asked) -> str:
    """Return the address one step up the drill; empty at the top."""
    if asked.path:
        return _address(replace(asked, path=asked.path[:-1]))
    return _address(replace(asked, programme="")) if asked.programme else ""


def _address(asked: Asked) -> str:
    return f"{reverse('dashboards:board')}?{query_of(asked)}"
