"""One incident with its forms, and doing one of its acts."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from standvast.database.api import database_now
from standvast.desk.incidents import forms as large
from standvast.desk.incidents.pages.acts import ACTS
from standvast.desk.incidents.queries.detail import incident_id_of, incident_view
from standvast.desk.incidents.queries.rows import IncidentView
from standvast.desk.incidents.rules.callbacks import OUTCOME_TITLES
from standvast.desk.incidents.rules.severity import SEVERITY_TITLES
from standvast.desk.incidents.rules.states import TITLES
from standvast.desk.incidents.slots import changes_before
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, needs
from standvast.web.api import page, redirect_to

BADGES = {"critical": "harm", "major": "late", "minor": "info"}


class ActUnknown(NotFound):
    """There is no such act."""

    code = "incidents.act_unknown"


def blank_forms(view: IncidentView) -> dict[str, forms.Form]:
    """Return the forms of the page, filled with what is known."""
    row = view.row
    first = {
        "cause": {"trigger": view.trigger, "cause": view.cause, "guard": view.guard},
        "severity": {"severity": row.severity.value},
        "scope": {"variants": ", ".join(row.variants)},
        "handling": {"team": view.team, "reproduction_path": view.reproduction_path},
    }
    made = {
        name: act.form(initial=first.get(name), prefix=None, auto_id=f"{name}_%s")
        for name, act in ACTS.items()
    }
    move = made["move"].fields["target"]
    assert isinstance(move, forms.ChoiceField)
    titles = dict(large.MoveForm.base_fields["target"].choices)  # type: ignore[attr-defined]
    move.choices = [(state.value, titles[state.value]) for state in view.moves]
    return made


def context_of(view: IncidentView, *, with_forms: bool = True) -> dict[str, object]:
    """Return what the templates of one incident need."""
    return {
        "view": view,
        "row": view.row,
        "acts": blank_forms(view) if with_forms else {},
        "open_act": "",
        "changes_before": changes_before(view.row.began_at),
        "badges": BADGES,
        "severity_titles": SEVERITY_TITLES,
        "state_titles": TITLES,
        "outcome_titles": OUTCOME_TITLES,
    }


@require_POST
@needs("desk.incidents.act")
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """POST /desk/incidents/<number>/<act>/ - do it and show the incident again."""
    chosen = ACTS.get(name)
    if chosen is None:
        raise ActUnknown(marked("There is no such act."))
    form = chosen.form(request.POST, auto_id=f"{name}_%s")
    now = database_now()
    if not form.is_valid():
        view = incident_view(number, now)
        context = context_of(view) | {"may_act": True, "open_act": name}
        context["acts"] = blank_forms(view) | {name: form}
        return page(request, "incidents/one.html", context, status=422)
    chosen.run(incident_id_of(number), form.cleaned_data, actor_of(request), now)
    return redirect_to(request, reverse("incidents:one", args=[number]))
