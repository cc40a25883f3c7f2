"""Reads: frozen views of patients. Whoever shows them to a person journals it: `operations`."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from standvast.database.api import named_sql
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.rules import Name, NameUse, Search, Sex, System, name_words
from standvast.registry.patients.systems import SYSTEM_OF
from standvast.registry.patients.views import (
    PatientRow,
    PatientView,
    address_line,
    row_of,
    view_of,
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
    for found in patient_views(organisation_id, [patient_id]):
        return found
    raise PatientNotFound(marked("There is no such patient in your organisation."))


def patient_views(
    organisation_id: uuid.UUID, patient_ids: Sequence[uuid.UUID]
) -> tuple[PatientView, ...]:
    """Return those of these patients that the organisation has, in the order asked."""
    rows = Patient.objects.of_organisation(organisation_id).in_bulk(patient_ids)
    merged = list(Patient.objects.filter(merged_into__in=rows).order_by("created_at"))
    doubles: dict[uuid.UUID | None, list[Patient]] = {}
    for one in merged:
        doubles.setdefault(one.merged_into_id, []).append(one)
    numbers: dict[uuid.UUID, list[tuple[System, str]]] = {}
    for number in Identifier.objects.filter(
        patient__in=[*rows, *(one.id for one in merged)]
    ).order_by("system", "value"):
        numbers.setdefault(number.patient_id, []).append((System(number.system), number.value))
    found = []
    for patient_id in patient_ids:
        if (row := rows.get(patient_id)) is not None:
            own = doubles.get(row.id, [])
            of_all = (pair for one in (row, *own) for pair in numbers.get(one.id, ()))
            found.append(view_of(row, own, sorted(of_all)))
    return tuple(found)


def patients_after(
    organisation_id: uuid.UUID, after_id: uuid.UUID | None, *, count_max: int
) -> tuple[PatientView, ...]:
    """Return an organisation's next patients in the order of their ids; no doubles."""
    rows = Patient.objects.of_organisation(organisation_id).standing()
    if after_id is not None:
        rows = rows.filter(id__gt=after_id)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:count_max])
    return patient_views(organisation_id, ids)


def patients_count(organisation_id: uuid.UUID) -> int:
    """Return how many patients an organisation has; no doubles."""
    return Patient.objects.of_organisation(organisation_id).standing().count()


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


def patient_by_system(organisation_id: uuid.UUID, system: str, number: str) -> uuid.UUID:
    """Return whose number this is; `system` is its name in FHIR.

    :raises PatientNotFound: if it is nobody's in this organisation.
    """
    known = SYSTEM_OF.get(system)
    plain = "".join(one for one in number if one not in " ./-" and one.isprintable())
    found = patient_with_number(organisation_id, {known: plain}) if known else None
    if found is None:
        raise PatientNotFound(marked("There is no such patient in your organisation."))
    return found


def patients_found(
    organisation_id: uuid.UUID,
    search: Search,
    *,
    rows_max: int = ROWS_MAX,
    only_id: uuid.UUID | None = None,
) -> tuple[PatientRow, ...]:
    """Return patients of an organisation that fit all of a search, by name; at most `FIT_MAX`.

    With `only_id` nobody else is looked for, so that many namesakes do not hide them.
    """
    if search.number:
        found = _fitting(_numbered(organisation_id, search.number), search)
        return tuple(row for row in found if only_id in (None, row.id))
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "found"),
            {
                "words": query_of(organisation_id, search),
                "only_id": only_id,
                "fit_max": FIT_MAX,
                "rows_max": min(rows_max, FIT_MAX),
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
    if not number.isprintable():  # no number of ours, and nothing that could be asked for
        return []
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
