"""Pages about tariffs: what is paid and since when, to read and to keep."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from standvast.care.insurance.forms import TariffForm
from standvast.care.insurance.operations import tariffs as operations
from standvast.care.insurance.queries.tariffs import tariff_rows
from standvast.care.insurance.rules.programmes import ACTIVITIES, PROGRAMMES
from standvast.care.insurance.rules.tariffs import Counts
from standvast.database.api import database_now
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, may, needs
from standvast.web.api import page, redirect_to, sentence

KEEP = "insurance.keep_tariffs"
COUNTS: dict[Counts, tuple[str, str]] = {
    Counts.NOW: (marked("counts now"), "ok"),
    Counts.TO_COME: (marked("counts from then on"), "info"),
    Counts.BEFORE: (marked("counted before"), "off"),
    Counts.NEVER: (marked("taken back or replaced"), "off"),
}
"""Words and the kind of badge."""


@require_GET
@needs("insurance.tariffs")
def tariffs(request: HttpRequest) -> HttpResponse:
    """GET /claims/tariffs/ - what each programme pays, since when, and who said so."""
    return _shown(request, TariffForm(initial={"from_on": timezone.localdate()}))


@require_POST
@needs(KEEP)
def set_one(request: HttpRequest) -> HttpResponse:
    """POST /claims/tariffs/set/ - another amount from a day on."""
    form = TariffForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    said = form.cleaned_data
    try:
        operations.set_tariff(
            actor=actor_of(request),
            programme=form.product[0],
            activity=form.product[1],
            from_on=said["from_on"],
            cents=form.cents,
            now=database_now(),
        )
    except Refused as refused:
        form.add_error(None, sentence(refused.template, refused.values))
        return _shown(request, form)
    return redirect_to(request, reverse("insurance:tariffs"))


@require_POST
@needs(KEEP)
def take_back(request: HttpRequest, tariff_id: uuid.UUID) -> HttpResponse:
    """POST /claims/tariffs/<tariff>/take-back/ - it will not count after all."""
    operations.take_back_tariff(actor=actor_of(request), tariff_id=tariff_id, now=database_now())
    return redirect_to(request, reverse("insurance:tariffs"))


def _shown(request: HttpRequest, form: TariffForm) -> HttpResponse:
    actor = actor_of(request)
    may_keep = may(actor, KEEP)
    return page(
        request,
        "insurance/tariffs.html",
        {
            "by_programme": tariff_rows(
                None if may_keep else actor.organisation_id, today=timezone.localdate()
            ),
            "form": form if may_keep else None,
            "counts": COUNTS,
            "programmes": PROGRAMMES,
            "activities": ACTIVITIES,
            "claims": reverse("insurance:claims") if may(actor, "insurance.claim") else "",
        },
        status=422 if form.errors else 200,
    )
