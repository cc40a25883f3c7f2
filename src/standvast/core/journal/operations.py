"""Writing to the journal, always inside the transaction that the entry tells of.

Record once per transaction, last: the head of each organisation's chain is locked until the commit.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

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
            values = _columns(entries[first : first + SET_MAX])
            cursor.execute(named_sql(PACKAGE, "heads"), values)
            cursor.execute(named_sql(PACKAGE, "append"), values)
            assert cursor.rowcount == len(set(values["organisation_ids"]))


async def record_set(
    conn: psycopg.AsyncConnection[tuple[Any, ...]], entries: Sequence[Entry]
) -> None:
    """Add entries on any connection, inside its open transaction: the same SQL as `record_many`."""
    for first in range(0, len(entries), SET_MAX):
        values = _columns(entries[first : first + SET_MAX])
        await conn.execute(named_sql(PACKAGE, "heads"), values)
        cursor = await conn.execute(named_sql(PACKAGE, "append"), values)
        assert cursor.rowcount == len(set(values["organisation_ids"]))


def _columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    return {
        "organisation_ids": [entry.organisation_id for entry in entries],
        "ats": [entry.at for entry in entries],
        "actions": [entry.action for entry in entries],
        "events": [entry.event for entry in entries],
        "record_kinds": [entry.record_kind for entry in entries],
        "record_ids": [entry.record_id for entry in entries],
        "person_ids": [entry.person_id for entry in entries],
        "roles": [entry.role for entry in entries],
        "on_behalf_ofs": [entry.on_behalf_of for entry in entries],
        "helping_froms": [entry.helping_from for entry in entries],
        "from_addresses": [entry.from_address for entry in entries],
        "outcomes": [entry.outcome for entry in entries],
        "purposes": [entry.purpose for entry in entries],
        "trace_ids": [entry.trace_id for entry in entries],
        "details": [detail_text(entry.detail) for entry in entries],
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
