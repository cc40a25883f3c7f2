"""Reading the journal: who looked, what happened lately, how much stands in the wrong place."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from standvast.core.journal.models import JournalEntry

ROWS_MAX = 500


@dataclass(frozen=True)
class EntryRow:
    """One entry, for a page."""

    organisation_id: uuid.UUID
    position: int
    at: datetime
    action: str
    event: str
    record_kind: str
    record_id: str
    person_id: uuid.UUID | None
    role: str
    on_behalf_of: uuid.UUID | None
    helping_from: uuid.UUID | None
    from_address: str
    outcome: int
    purpose: str
    detail: Mapping[str, str | int]


def _rows(found: Iterable[JournalEntry]) -> list[EntryRow]:
    return [
        EntryRow(
            organisation_id=row.organisation_id,
            position=row.position,
            at=row.at,
            action=row.action,
            event=row.event,
            record_kind=row.record_kind,
            record_id=row.record_id,
            person_id=row.person_id,
            role=row.role,
            on_behalf_of=row.on_behalf_of,
            helping_from=row.helping_from,
            from_address=row.from_address,
            outcome=row.outcome,
            purpose=row.purpose,
            detail=json.loads(row.detail),
        )
        for row in found
    ]


def who_looked(
    record_kind: str, record_id: str, organisation_id: uuid.UUID, *, limit: int = ROWS_MAX
) -> list[EntryRow]:
    """Return who saw or changed one record of one organisation, newest first, at most 500."""
    found = JournalEntry.objects.filter(
        record_kind=record_kind, record_id=record_id, organisation_id=organisation_id
    ).order_by("-at", "-position")
    return _rows(found[: min(limit, ROWS_MAX)])


def recent(
    organisation_id: uuid.UUID, *, limit: int = 50, before: int | None = None
) -> list[EntryRow]:
    """Return an organisation's entries, newest first; `before` is the last position of a page."""
    found = JournalEntry.objects.filter(organisation_id=organisation_id)
    if before is not None:
        found = found.filter(position__lt=before)
    return _rows(found.order_by("-position")[: min(limit, ROWS_MAX)])


def stray_count() -> int:
    """Return how many entries stand in the default partition: more than none is a finding.

    They are whole and verified like the others; only their month had no partition.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry_default")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


@dataclass(frozen=True)
class SeenActor:
    """Somebody who did something, as the journal has them."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    role: str
    helping_from: uuid.UUID | None


def actors_since(since: datetime, *, limit: int) -> list[SeenActor]:
    """Return who did something since an instant, each once per place and role; at most `limit`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person_id, organisation_id, role, helping_from
            FROM journal_entry WHERE at >= %s AND person_id IS NOT NULL
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2 LIMIT %s
            """,
            [since, limit],
        )
        return [SeenActor(*row) for row in cursor.fetchall()]
