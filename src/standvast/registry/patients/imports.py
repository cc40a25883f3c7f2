"""Reads: how far a list that was handed in has come, and what became of its rows."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.patients.models import Import, ImportLine
from standvast.registry.patients.rules import Outcome
from standvast.registry.people.api import person_names

SHOWN_MAX = 200
EARLIER_MAX = 20


class ImportNotFound(NotFound):
    """No such list in this organisation."""

    code = "patients.import_not_found"


@dataclass(frozen=True, slots=True)
class LineRow:
    """What became of one row; the reason is a marked sentence, the place an element of FHIR."""

    line: int
    outcome: Outcome
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """How far a list has come, and the first rows that were refused."""

    id: uuid.UUID
    handed_in_at: datetime
    rows_count: int
    registered_count: int
    known_count: int
    refused_count: int
    is_given_up: bool
    refused: tuple[LineRow, ...]

    @property
    def done_count(self) -> int:
        """How many rows have a result."""
        return self.registered_count + self.known_count + self.refused_count

    @property
    def is_done(self) -> bool:
        """Whether nothing more will come."""
        return self.is_given_up or self.done_count == self.rows_count


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """A list that was handed in before: when, by whom, and what came of it."""

    id: uuid.UUID
    handed_in_at: datetime
    name: str
    rows_count: int
    registered_count: int
    known_count: int
    refused_count: int


def earlier_imports(organisation_id: uuid.UUID) -> tuple[EarlierRow, ...]:
    """Return the last 20 lists of an organisation, newest first."""
    own = Import.objects.filter(organisation_id=organisation_id)
    rows = list(own.order_by("-handed_in_at", "-id")[:EARLIER_MAX])
    names = person_names({row.person_id for row in rows if row.person_id})
    counted = ImportLine.objects.filter(whole__in=rows).values_list("whole_id", "outcome")
    counts = {(whole, outcome): count for whole, outcome, count in counted.annotate(Count("id"))}
    return tuple(
        EarlierRow(
            id=row.id,
            handed_in_at=row.handed_in_at,
            name=names.get(row.person_id, "") if row.person_id else "",
            rows_count=row.rows_count,
            registered_count=counts.get((row.id, Outcome.REGISTERED.value), 0),
            known_count=counts.get((row.id, Outcome.KNOWN.value), 0),
            refused_count=counts.get((row.id, Outcome.REFUSED.value), 0),
        )
        for row in rows
    )


def import_view(organisation_id: uuid.UUID, import_id: uuid.UUID) -> ImportView:
    """Return how far a list has come.

    :raises ImportNotFound: if the organisation has none such.
    """
    whole = _own(organisation_id, import_id)
    has_more = whole.slices.exists()  # before the results: of a slice that is gone they are there
    counts = dict(whole.lines.values_list("outcome").annotate(Count("id")))
    return ImportView(
        id=whole.id,
        handed_in_at=whole.handed_in_at,
        rows_count=whole.rows_count,
        registered_count=counts.get(Outcome.REGISTERED.value, 0),
        known_count=counts.get(Outcome.KNOWN.value, 0),
        refused_count=counts.get(Outcome.REFUSED.value, 0),
        is_given_up=sum(counts.values()) < whole.rows_count and not has_more,
        refused=tuple(
            _line(row)
            for row in whole.lines.filter(outcome=Outcome.REFUSED.value).order_by("line")[
                :SHOWN_MAX
            ]
        ),
    )


def import_lines(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Iterator[LineRow]:
    """Return what became of each row so far, in order.

    :raises ImportNotFound: if the organisation has no such list.
    """
    return map(_line, _own(organisation_id, import_id).lines.order_by("line"))


def _own(organisation_id: uuid.UUID, import_id: uuid.UUID) -> Import:
    found = Import.objects.filter(organisation_id=organisation_id, id=import_id).first()
    if found is None:
        raise ImportNotFound(marked("There is no such list in your organisation."))
    return found


def _line(row: ImportLine) -> LineRow:
    return LineRow(row.line, Outcome(row.outcome), row.reason, row.place)
