"""Reads: bundles of claims with their sums, and who left. `operations` journals what is shown."""

import uuid
from datetime import date
from functools import cache
from typing import Any, LiteralString

from django.db import connection

from standvast.care.insurance.rules.claims import BundleState, Tally
from standvast.care.insurance.rules.quarters import Quarter, quarter_of, quarter_written
from standvast.care.insurance.views import BundleRow, LeftRow
from standvast.database.api import as_json, named_sql
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.patients.api import doubles_of

PACKAGE = "standvast.care.insurance"
BUNDLES_MAX = 24
"""Two years of three programmes."""
LEFT_MAX = 500
_TALLY_FROM = 9
"""The column of `sql/tallies.sql` with which the fields of `Tally` begin."""


class BundleNotFound(NotFound):
    """No such bundle in this organisation."""

    code = "insurance.bundle_not_found"


@cache
def candidates_sql() -> LiteralString:
    """Return the beginning of a statement that works on what a quarter comes to."""
    return "WITH candidate AS (" + named_sql(PACKAGE, "candidates") + ")\n"


def bundle_rows(organisation_id: uuid.UUID) -> tuple[BundleRow, ...]:
    """Return an organisation's bundles, at most 24, the newest quarter first."""
    return _bundles(organisation_id, None)


def bundle_row(organisation_id: uuid.UUID, bundle_id: uuid.UUID) -> BundleRow:
    """Return one bundle.

    :raises BundleNotFound: if the organisation has none such.
    """
    found = _bundles(organisation_id, bundle_id)
    if not found:
        raise BundleNotFound(marked("There is no such bundle in your organisation."))
    return found[0]


def _bundles(organisation_id: uuid.UUID, bundle_id: uuid.UUID | None) -> tuple[BundleRow, ...]:
    rows = _rows(
        "tallies",
        organisation_id=organisation_id,
        bundle_id=bundle_id,
        rows_max=BUNDLES_MAX,
    )
    return tuple(
        BundleRow(
            id=row[0],
            programme=row[1],
            quarter=quarter_written(row[2]),
            state=BundleState(row[3]),
            prepared_at=row[4],
            delivered_count=row[5],
            claimed_count=row[6],
            approved_count=row[7],
            groundless_count=row[8],
            tally=Tally(*row[_TALLY_FROM:]),
        )
        for row in rows
    )


def left_since(organisation_id: uuid.UUID, bundle: BundleRow) -> tuple[LeftRow, ...]:
    """Return who was claimed for in the quarter before and is not in the programme any more."""
    rows = _rows(
        "left",
        organisation_id=organisation_id,
        programme=bundle.programme,
        quarter_before=str(bundle.quarter.before),
        first_on=bundle.quarter.first_on,
        after_on=bundle.quarter.after.first_on,
        doubles=doubles_given(organisation_id),
        rows_max=LEFT_MAX,
    )
    return tuple(LeftRow(*row) for row in rows)


def candidates(
    organisation_id: uuid.UUID, programme: str, first_on: date, after_on: date
) -> list[tuple[Any, ...]]:
    """Return what a quarter comes to: patient, activity, day, cents, what holds it, tariff."""
    given = period(organisation_id, programme, quarter_of(first_on))
    return _rows("candidates", **(given | {"first_on": first_on, "after_on": after_on}))


def period(organisation_id: uuid.UUID, programme: str, quarter: Quarter) -> dict[str, Any]:
    """Return what `sql/candidates.sql` takes."""
    return {
        "organisation_id": organisation_id,
        "programme": programme,
        "quarter": str(quarter),
        "first_on": quarter.first_on,
        "after_on": quarter.after.first_on,
        "doubles": doubles_given(organisation_id),
    }


def doubles_given(organisation_id: uuid.UUID) -> str:
    """Return which rows of the register are one person, as the SQL here takes it."""
    doubles = doubles_of(organisation_id)
    return as_json([{"id": one, "into_id": into} for one, into in doubles.items()])


def _rows(name: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, name), given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
