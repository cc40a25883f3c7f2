"""Recompute every chain, independently of the SQL that wrote it."""

import hashlib
import hmac
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from standvast.core.journal.entries import GENESIS, Written, linked

COLUMNS = ", ".join(field.name for field in fields(Written))
CHUNK_ROWS = 2_000


class Kind(StrEnum):
    """What is wrong at a place in a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    DOUBLED = "doubled"
    TAIL = "tail"
    HEADLESS = "headless"


@dataclass(frozen=True, order=True)
class Break:
    """One place where a chain does not hold. `position` counts from 1."""

    organisation_id: uuid.UUID
    position: int
    kind: Kind


@dataclass(frozen=True)
class Head:
    """Where a chain is said to end."""

    count: int
    hash: bytes


def verify(organisation_id: uuid.UUID | None = None) -> list[Break]:
    """Return every break in one organisation's chain, or in all of them; none means whole.

    Reads one snapshot, so that work may go on meanwhile. Takes about 20 s per million entries.
    """
    # One repeatable snapshot: entries and heads must be of the same instant.
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        heads = _heads(organisation_id)
        return check_chains(_entries(organisation_id), heads)


def check_chains(entries: Iterator[Written], heads: dict[uuid.UUID, Head]) -> list[Break]:
    """Return the breaks in entries sorted by organisation and position, against their heads."""
    breaks: list[Break] = []
    open_heads = dict(heads)
    current: uuid.UUID | None = None
    position, before = 0, GENESIS

    def close() -> None:
        if current is None:
            return
        head = open_heads.pop(current, None)
        if head is None:
            breaks.append(Break(current, position, Kind.HEADLESS))
        elif head != Head(position, before):
            breaks.append(Break(current, position + 1, Kind.TAIL))

    for entry in entries:
        if entry.organisation_id != current:
            close()
            current, position, before = entry.organisation_id, 0, GENESIS
        if entry.position <= position:
            breaks.append(Break(current, entry.position, Kind.DOUBLED))
            continue
        if entry.position > position + 1:
            breaks.append(Break(current, position + 1, Kind.MISSING))
        elif linked(before, entry) != entry.hash:
            breaks.append(Break(current, entry.position, Kind.CHANGED))
        # Go on from what is written, so that one change is told once, where it is.
        position, before = entry.position, entry.hash
    close()
    breaks.extend(Break(key, 1, Kind.TAIL) for key, head in open_heads.items() if head.count)
    return sorted(breaks)


def heads_statement(now: datetime) -> str:
    """Return one line to keep outside the database: how many chains, and a keyed digest of all.

    Whoever rewrites a chain together with its head changes this digest for the same heads.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), digestmod=hashlib.sha256)
    heads = _heads(None)
    for key in sorted(heads):
        digest.update(key.bytes + heads[key].count.to_bytes(8, "big") + heads[key].hash)
    return f"{now.isoformat()} chains={len(heads)} digest={digest.hexdigest()}"


def _heads(organisation_id: uuid.UUID | None) -> dict[uuid.UUID, Head]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, count, hash FROM journal_head"
            " WHERE %(only)s::uuid IS NULL OR organisation_id = %(only)s::uuid",
            {"only": organisation_id},
        )
        return {row[0]: Head(row[1], bytes(row[2])) for row in cursor.fetchall()}


def _entries(organisation_id: uuid.UUID | None) -> Iterator[Written]:
    where = "WHERE organisation_id = %(only)s" if organisation_id else ""
    text = f"SELECT {COLUMNS} FROM journal_entry {where} ORDER BY organisation_id, position, at"
    with connection.chunked_cursor() as cursor:
        cursor.execute(text, {"only": organisation_id})
        while rows := cursor.fetchmany(CHUNK_ROWS):
            for row in rows:
                values: list[Any] = [*row[:-1], bytes(row[-1])]
                yield Written(*values)
