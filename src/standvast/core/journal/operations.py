"""Writing to the journal, always inside the transaction that the entry tells of.

Record once per transaction, last: the head of each organisation's chain is locked until the commit.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import psycopg
from django.db import OperationalError, connection, transaction

from standvast.core.journal.entries import Entry
from standvast.database.api import as_array, as_json, named_sql

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
            left = list(entries[first : first + SET_MAX])
            cursor.execute(named_sql(PACKAGE, "append"), _values(left))
            if left := _without_head(left, cursor.fetchall()):
                cursor.execute(named_sql(PACKAGE, "heads"), _values(left))
                cursor.execute(named_sql(PACKAGE, "append"), _values(left))
                left = _without_head(left, cursor.fetchall())
            assert not left


async def record_set(
    conn: psycopg.AsyncConnection[tuple[Any, ...]], entries: Sequence[Entry]
) -> None:
    """Add entries on any connection, inside its open transaction: the same SQL as `record_many`."""
    for first in range(0, len(entries), SET_MAX):
        left = list(entries[first : first + SET_MAX])
        cursor = await conn.execute(named_sql(PACKAGE, "append"), _values(left))
        if left := _without_head(left, await cursor.fetchall()):
            await conn.execute(named_sql(PACKAGE, "heads"), _values(left))
            cursor = await conn.execute(named_sql(PACKAGE, "append"), _values(left))
            left = _without_head(left, await cursor.fetchall())
        assert not left


def _without_head(entries: Sequence[Entry], rows: Sequence[tuple[Any, ...]]) -> list[Entry]:
    """Return the entries of organisations that had no chain yet: they are new, and few."""
    written = {row[0] for row in rows}
    return [entry for entry in entries if entry.organisation_id not in written]


def _values(entries: Sequence[Entry]) -> dict[str, Any]:
    """One JSON text for all entries: a fifth of the time that fifteen arrays take.

    The field `detail` is read as text on the other side: keys sorted and without spaces, just as
    `detail_text` writes it.
    """
    return {
        "organisation_ids": as_array({entry.organisation_id for entry in entries}),
        "entries": as_json(entries),
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
