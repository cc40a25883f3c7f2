"""Reads: what programmes pay, since when, who said so, and how much went at that amount."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from standvast.care.insurance.models import Line, Tariff
from standvast.care.insurance.rules.tariffs import Standing, counts, products
from standvast.care.insurance.views import TariffRow
from standvast.registry.people.api import person_names


def tariff_rows(
    organisation_id: uuid.UUID | None, *, today: date
) -> dict[str, tuple[TariffRow, ...]]:
    """Return every tariff by programme: in the order of what it is for, the newest first.

    Lines that went are counted of one organisation, or of all.
    """
    rows = list(Tariff.objects.order_by("-from_on", "-recorded_at", "-id"))
    names = person_names(
        {one for row in rows for one in (row.person_id, row.withdrawn_by) if one is not None}
    )
    went = _went(organisation_id)
    found: dict[str, list[TariffRow]] = {}
    for programme, activity in products():
        same = [row for row in rows if (row.programme, row.activity) == (programme, activity)]
        found.setdefault(programme, []).extend(_rows(same, names, went, today))
    return {programme: tuple(of_it) for programme, of_it in found.items() if of_it}


def _rows(
    same: list[Tariff], names: dict[uuid.UUID, str], went: dict[uuid.UUID, int], today: date
) -> Iterable[TariffRow]:
    standing = [_standing(row) for row in same]
    for row in same:
        yield TariffRow(
            id=row.id,
            programme=row.programme,
            activity=row.activity,
            from_on=row.from_on,
            cents=row.cents,
            counts=counts(_standing(row), standing, today=today),
            set_at=row.recorded_at,
            set_by=names.get(row.person_id, "") if row.person_id else "",
            taken_back_at=row.withdrawn_at,
            taken_back_by=names.get(row.withdrawn_by, "") if row.withdrawn_by else "",
            lines_count=went.get(row.id, 0),
        )


def _went(organisation_id: uuid.UUID | None) -> dict[uuid.UUID, int]:
    lines = Line.objects.filter(submission__isnull=False, tariff__isnull=False)
    if organisation_id is not None:
        lines = lines.filter(organisation_id=organisation_id)
    counted = lines.order_by().values_list("tariff_id").annotate(Count("id"))
    return {tariff_id: count for tariff_id, count in counted if tariff_id is not None}


def _standing(row: Tariff) -> Standing:
    return Standing(row.from_on, is_withdrawn=row.withdrawn_at is not None)
