"""Reads: frozen views of patients. Whoever shows them to a person journals it: `operations`."""

import uuid
from collections.abc import Iterable, Mapping

from django.db import connection

from standvast.database.api import named_sql
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.rules import Name, NameUse, Search, Sex, System, name_words
from standvast.registry.patients.views import (
    PatientRow,
    PatientView,
    address_line,
    name_of,
    row_of,
)
from standvast.registry.patients.words import query_of

PACKAGE = "standvast.registry.patients"
ROWS_MAX = 50
FIT_MAX = 500


class PatientNotFound(NotFound):
    """No such patient in this organisation."""

    code = "patients.not_found"


def check_patient(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> None:
    """Pass if the organisation has this patient.

    :raises PatientNotFound: otherwise.
    """
    if not Patient.objects.of_organisation(organisation_id).filter(id=patient_id).exists():
        raise PatientNotFound(marked("There is no such patient in your organisation."))


def patient_view(organisation_id: uuid.UUID, patient_id: uuid.UUID) -> PatientView:
    """Return one patient of an organisation.

    :raises PatientNotFound: if it has none such.
    """
    row = Patient.objects.of_organisation(organisation_id).filter(id=patient_id).first()
    if row is None:
        raise PatientNotFound(marked("There is no such patient in your organisation."))
    merged = list(Patient.objects.filter(merged_into=row).order_by("created_at"))
    numbers = Identifier.objects.filter(patient__in=[row, *merged]).order_by("system", "value")
    return PatientView(
        id=row.id,
        organisation_id=row.organisation_id,
        name=name_of(row),
        birth_on=row.birth_on,
        sex=Sex(row.sex),
        street=row.street,
        house_number=row.house_number,
        postcode=row.postcode,
        city=row.city,
        country=row.country,
        email=row.email,
        telephone=row.telephone,
        representative=row.representative,
        representative_telephone=row.representative_telephone,
        insurer=row.insurer,
        insured_number=row.insured_number,
        numbers=tuple((System(one.system), one.value) for one in numbers),
        merged=tuple(row_of(one) for one in merged),
        merged_into=row.merged_into_id,
        version=row.version,
    )


def patient_rows(
    organisation_id: uuid.UUID, patient_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, PatientRow]:
    """Return an organisation's patients of these ids, as a list shows them."""
    rows = Patient.objects.of_organisation(organisation_id).filter(id__in=list(patient_ids))
    return {row.id: row_of(row) for row in rows}


def own_numbers(patient_id: uuid.UUID) -> dict[System, str]:
    """Return a patient's own numbers, not those of doubles."""
    rows = Identifier.objects.filter(patient_id=patient_id)
    return {System(row.system): row.value for row in rows}


def patient_with_number(
    organisation_id: uuid.UUID, numbers: Mapping[System, str]
) -> uuid.UUID | None:
    """Return whose number one of these is; of a double, the one it was merged into."""
    for system, value in numbers.items():
        found = (
            Identifier.objects.filter(
                organisation_id=organisation_id, system=system.value, value=value
            )
            .values_list("patient_id", "patient__merged_into_id")
            .first()
        )
        if found is not None:
            return found[1] or found[0]
    return None


def patients_found(organisation_id: uuid.UUID, search: Search) -> tuple[PatientRow, ...]:
    """Return at most 50 patients of an organisation that fit all of a search, by name."""
    if search.number:
        return tuple(_fitting(_numbered(organisation_id, search.number), search))
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "found"),
            {
                "words": query_of(organisation_id, search),
                "fit_max": FIT_MAX,
                "rows_max": ROWS_MAX,
            },
        )
        rows = cursor.fetchall()
    return tuple(
        PatientRow(
            id=row[0],
            name=Name(row[1], row[2], row[3], row[4], row[5], row[6], NameUse(row[7])),
            birth_on=row[8],
            sex=Sex(row[9]),
            address_line=address_line(*row[10:14]),
        )
        for row in rows
    )


def _numbered(organisation_id: uuid.UUID, number: str) -> Iterable[PatientRow]:
    pairs = Identifier.objects.filter(
        organisation_id=organisation_id, system__in=list(System), value=number
    ).values_list("patient_id", "patient__merged_into_id")
    ids = {into or own for own, into in pairs}
    return [row_of(row) for row in Patient.objects.filter(id__in=ids).order_by("family", "given")]


def _fitting(rows: Iterable[PatientRow], search: Search) -> Iterable[PatientRow]:
    for row in rows:
        known = name_words(row.name)
        if search.birth_on not in (None, row.birth_on):
            continue
        if all(any(one.startswith(word) for one in known) for word in search.words):
            yield row
