"""Reads: which rows of an organisation are one person, since they were brought together."""

import uuid
from collections.abc import Iterable

from django.db.models import Q

from standvast.registry.patients.models import Identifier, Patient, PatientQuerySet
from standvast.registry.patients.rules import System


def doubles_of(organisation_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Return every double of an organisation, and whom it was merged into."""
    doubles = Patient.objects.of_organisation(organisation_id).filter(merged_into__isnull=False)
    return {double: into for double, into in _pairs(doubles) if into is not None}


def one_person(
    organisation_id: uuid.UUID, patient_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Return for each of these rows all rows of that person: the one that stands, its doubles."""
    own, asked = Patient.objects.of_organisation(organisation_id), set(patient_ids)
    rows = _pairs(own.filter(Q(id__in=asked) | Q(merged_into__in=asked)))
    standing = {row: into or row for row, into in rows if row in asked}
    if not asked.issuperset(standing.values()):
        rows = _pairs(own.filter(merged_into__in=set(standing.values())))
    found = {one: [one] for one in standing.values()}
    for row, into in rows:
        if into is not None and into in found:
            found[into].append(row)
    return {row: tuple(found[into]) for row, into in standing.items()}


def _pairs(rows: PatientQuerySet) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """Return rows with whom they were merged into, in the order in which they came."""
    return list(rows.order_by("created_at", "id").values_list("id", "merged_into_id"))


def numbers_of(
    organisation_id: uuid.UUID, patient_ids: Iterable[uuid.UUID], system: System
) -> dict[uuid.UUID, str]:
    """Return the number that each of these patients has in a register: their own, or a double's."""
    people = one_person(organisation_id, patient_ids)
    rows = Identifier.objects.filter(
        organisation_id=organisation_id,
        patient_id__in={one for rows in people.values() for one in rows},
        system=system.value,
    )
    known = dict(rows.values_list("patient_id", "value"))
    return {
        one: known[row]
        for one, rows in people.items()
        if (row := next((row for row in (one, *rows) if row in known), None))
    }
