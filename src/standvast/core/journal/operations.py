"""Writing to the journal, always inside the transaction that the entry tells of.

Record once per transaction, last: the head of each organisation's chain is locked until the commit.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg
from django.db import OperationalError, connection, transaction

from standvast.core.journal.entries import Entry, detail_text
from standvast.database.api import named_sql

PACKAGE = "standvast.core.journal"
SET_MAX = 1_000
MONTHS_AHEAD = 3


def record(entry: Entry) -> None:
    """Add one entry on Django's connection, inside the caller's transaction."""
    record_many([entry])


def record_many(entries: Sequence[Entry]) -> None:
    """Add entries on Django's connection, inside the caller's transaction.

    Entries of one organisation keep their order. Heads are locked in key order.
    """
    assert connection.in_atomic_block, "the journal belongs in the transaction it reports on"
    with connection.cursor() as cursor:
        for first in range(0, len(entries), SET_MAX):
            values = _values(entries[first : first + SET_MAX])
            cursor.execute(named_sql(PACKAGE, "heads"), values)
            cursor.execute(named_sql(PACKAGE, "append"), values)
            assert cursor.rowcount == len(values["organisation_ids"])


async def record_set(
    conn: psycopg.AsyncConnection[tuple[Any, ...]], entries: Sequence[Entry]
) -> None:
    """Add entries on any connection, inside its open transaction: the same SQL as `record_many`."""
    for first in range(0, len(entries), SET_MAX):
        values = _values(entries[first : first + SET_MAX])
        await conn.execute(named_sql(PACKAGE, "heads"), values)
        cursor = await conn.execute(named_sql(PACKAGE, "append"), values)
        assert cursor.rowcount == len(values["organisation_ids"])


def _values(entries: Sequence[Entry]) -> dict[str, Any]:
    """One JSON text for all entries: a fifth of the time that fifteen arrays take."""
    rows = [
        {
            "organisation_id": entry.organisation_id,
            "at": entry.at,
            "action": entry.action,
            "event": entry.event,
            "record_kind": entry.record_kind,
            "record_id": entry.record_id,
            "person_id": entry.person_id,
            "role": entry.role,
            "on_behalf_of": entry.on_behalf_of,
            "helping_from": entry.helping_from,
            "from_address": entry.from_address,
            "outcome": entry.outcome,
            "purpose": entry.purpose,
            "trace_id": entry.trace_id,
            "detail": detail_text(entry.detail),
        }
        for entry in entries
    ]
    return {
        "organisation_ids": sorted({entry.organisation_id for entry in entries}),
        "entries": msgspec.json.encode(rows).decode(),
    }


def ensure_partitions(now: datetime) -> tuple[date, ...]:
    """Make the partitions of this month and the next three; a sweep of the watch.

    Return the months that could not be made: their entries stand in the default partition, or the
    table was busy for a second. Writing goes on either way; the next sweep tries again.
    """
    missing: list[date] = []
    for ahead in range(MONTHS_AHEAD + 1):
        months = now.year * 12 + now.month - 1 + ahead
        month_on = date(months // 12, months % 12 + 1, 1)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
                cursor.execute(named_sql(PACKAGE, "partition"), {"month_on": month_on})
                row = cursor.fetchone()
        except OperationalError:
            row = None
        if row is None or not row[0]:
            missing.append(month_on)
    return tuple(missing)
