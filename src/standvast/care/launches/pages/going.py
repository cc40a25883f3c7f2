"""Pages of clicks that go out. Translate HTTP to one operation and back; decide nothing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from standvast.care.launches.operations.going import TargetBroken, go
from standvast.care.launches.queries.targets import NEVER, standings, target_for, targets_for
from standvast.database.api import database_now
from standvast.registry.access.api import actor_of, needs
from standvast.registry.patients.api import check_patient
from standvast.web.api import let_forms_go, page

both = require_http_methods(["GET", "POST"])
BROKEN = 503


@require_GET
@needs("launches.go")
def all_targets(request: HttpRequest) -> HttpResponse:
    """GET /launch/out/ - every system that this organisation may click through to."""
    found, now = targets_for(actor_of(request).organisation_id), database_now()
    stand = standings(now)
    rows = [(target, stand.get(target.slug, NEVER)) for target in found]
    broken_count = sum(standing.is_broken for _, standing in rows)
    return page(request, "launches/all.html", {"rows": rows, "broken_count": broken_count})


@both
@needs("launches.go")
def one_target(request: HttpRequest, slug: str) -> HttpResponse:
    """GET, POST /launch/out/<slug>/ - about one of them; by POST the browser is handed over."""
    return _handed_over(request, slug, None)


@both
@needs("launches.go")
def one_target_with_patient(request: HttpRequest, slug: str, patient_id: uuid.UUID) -> HttpResponse:
    """GET, POST /launch/out/<slug>/<patient>/ - the same, with a patient in hand."""
    return _handed_over(request, slug, patient_id)


@sensitive_variables()
def _handed_over(request: HttpRequest, slug: str, patient_id: uuid.UUID | None) -> HttpResponse:
    if request.method == "GET":
        return _about(request, slug, patient_id)
    actor, now = actor_of(request), database_now()
    try:
        handover = go(
            actor=actor,
            slug=slug,
            patient_id=patient_id,
            anyway="anyway" in request.POST,
            now=now,
        )
    except TargetBroken:
        return _about(request, slug, patient_id, status=BROKEN)
    answer = page(request, "launches/go.html", {"handover": handover, "slug": slug})
    return let_forms_go(answer, handover.sites)


def _about(
    request: HttpRequest, slug: str, patient_id: uuid.UUID | None, *, status: int = 200
) -> HttpResponse:
    """Return what a system is for, how it stands, and what to do instead."""
    actor = actor_of(request)
    target = target_for(actor.organisation_id, slug)
    if patient_id is not None:
        check_patient(actor.organisation_id, patient_id)
    context = {
        "target": target,
        "standing": standings(database_now()).get(slug, NEVER),
        "patient_id": patient_id,
        "may_go": patient_id is not None or not target.draft.needs_patient,
    }
    return page(request, "launches/one.html", context, status=status)
