"""Putting messages on lanes, inside the transaction that they report on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from standvast.core.delivery.sealing import SealingKey, canonical, digest, first_key, is_same, seal
from standvast.core.delivery.values import (
    KEY_CHARACTERS_MAX,
    PAYLOAD_BYTES_MAX,
    Added,
    Message,
    Payload,
    Urgency,
)
from standvast.database.api import as_json, named_sql
from standvast.kit.errors import Busy, Invalid, Refused
from standvast.kit.words import marked

PACKAGE = "standvast.core.delivery"
SET_COUNT_MAX = 5_000
UNDER_WAY = (
    psycopg.pq.TransactionStatus.INTRANS,
    psycopg.pq.TransactionStatus.ACTIVE,  # in a pipeline, with what was sent before this
)
FULL_RETRY_AFTER_S = 30


class KeyClash(Refused):
    """The lane has another content under this key. Nothing was written."""

    code = "delivery.key_clash"


class LaneFull(Busy):
    """The lane holds as much as it may. Nothing was written."""

    code = "delivery.lane_full"


class PayloadTooLarge(Invalid):
    """The content is larger than a delivery may be."""

    code = "delivery.payload_too_large"


@dataclass(frozen=True, slots=True)
class _Prepared:
    message: Message
    plain: bytes
    digest: bytes


def enqueue(
    *,
    lane: str,
    subject: str,
    key: str,
    payload: Payload,
    now: datetime,
    urgency: Urgency = Urgency.NORMAL,
) -> None:
    """Add a delivery to a lane inside the caller's transaction.

    Calling twice with the same lane, key and content adds one. No personal data in `subject` or
    `key`: both are shown at the desk.

    :raises KeyClash: if the key is there with other content.
    :raises LaneFull: if the lane holds as much as it may.
    :raises PayloadTooLarge: past 256 KiB.
    """
    message = Message(lane=lane, subject=subject, key=key, payload=payload, urgency=urgency)
    if enqueue_many([message], now=now)[0] is Added.CLASH:
        raise _clash()


def enqueue_many(messages: Sequence[Message], *, now: datetime) -> list[Added]:
    """Add messages inside the caller's transaction on Django's connection; one verdict each.

    A clash is a verdict here: the caller decides.

    :raises LaneFull: if any of the lanes holds as much as it may; nothing was written.
    :raises PayloadTooLarge: past 256 KiB.
    """
    assert connection.in_atomic_block, "enqueue belongs in the transaction it reports on"
    if not messages:
        return []
    sealing, prepared = first_key(), _prepare(messages)
    # A plain cursor on Django's own connection: binary parameters, prepared after a few calls.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            named_sql(PACKAGE, "enqueue"), _parameters(prepared, sealing, now), binary=True
        )
        positions, full_lane, _ = _one(cursor.fetchone())
        _check_room(full_lane)
        missing = _missing(len(prepared), positions)
        if not missing:
            return [Added.ADDED] * len(prepared)
        cursor.execute(named_sql(PACKAGE, "stored_digests"), _pairs(prepared, missing))
        stored = cursor.fetchall()
    return _verdicts(prepared, missing, stored)


async def enqueue_set(
    conn: psycopg.AsyncConnection[Any], messages: Sequence[Message], *, now: datetime
) -> list[Added]:
    """Add messages inside the open transaction of any psycopg connection; one verdict each.

    The same SQL as `enqueue`. A clash is a verdict here: the caller decides.

    :raises LaneFull: if any of the lanes holds as much as it may; nothing was written.
    :raises PayloadTooLarge: past 256 KiB.
    """
    assert conn.info.transaction_status in UNDER_WAY, (
        "enqueue belongs in the transaction it reports on"
    )
    if not messages:
        return []
    sealing, prepared = first_key(), _prepare(messages)
    cursor = await conn.execute(
        named_sql(PACKAGE, "enqueue"), _parameters(prepared, sealing, now), binary=True
    )
    positions, full_lane, _ = _one(await cursor.fetchone())
    _check_room(full_lane)
    missing = _missing(len(prepared), positions)
    if not missing:
        return [Added.ADDED] * len(prepared)
    cursor = await conn.execute(named_sql(PACKAGE, "stored_digests"), _pairs(prepared, missing))
    return _verdicts(prepared, missing, await cursor.fetchall())


def _prepare(messages: Sequence[Message]) -> list[_Prepared]:
    assert len(messages) <= SET_COUNT_MAX, f"at most {SET_COUNT_MAX} messages in one set"
    sealing = first_key()
    prepared = []
    for message in messages:
        assert 0 < len(message.key) <= KEY_CHARACTERS_MAX, "a key of 1 to 200 characters"
        assert 0 < len(message.subject) <= KEY_CHARACTERS_MAX, "a subject of 1 to 200 characters"
        plain = canonical(message.payload)
        if len(plain) > PAYLOAD_BYTES_MAX:
            raise PayloadTooLarge(
                marked("This is too large to send: at most {bytes_max} bytes."),
                bytes_max=PAYLOAD_BYTES_MAX,
            )
        prepared.append(_Prepared(message, plain, digest(sealing, plain)))
    return prepared


def _parameters(
    prepared: Sequence[_Prepared], sealing: SealingKey, now: datetime
) -> Mapping[str, object]:
    rows = [
        {
            "lane": item.message.lane,
            "subject": item.message.subject,
            "key": item.message.key,
            "digest": item.digest,
            "payload": seal(sealing, item.plain, lane=item.message.lane, key=item.message.key),
            "urgency": int(item.message.urgency),
        }
        for item in prepared
    ]
    return {"messages": as_json(rows), "key_id": sealing.id, "now": now}


def _pairs(prepared: Sequence[_Prepared], positions: Sequence[int]) -> Mapping[str, object]:
    messages = [prepared[position].message for position in positions]
    return {"lanes": [m.lane for m in messages], "keys": [m.key for m in messages]}


def _missing(count: int, added_positions: Sequence[int]) -> list[int]:
    """Return the indexes that were not added; positions in SQL count from one."""
    if len(added_positions) == count:
        return []
    added = set(added_positions)
    return [index for index in range(count) if index + 1 not in added]


def _verdicts(
    prepared: Sequence[_Prepared],
    missing: Sequence[int],
    stored: Sequence[tuple[Any, ...]],
) -> list[Added]:
    verdicts = [Added.ADDED] * len(prepared)
    for index, (digest_stored, key_id) in zip(missing, stored, strict=True):
        assert digest_stored is not None, "neither added nor there"
        same = is_same(
            prepared[index].plain, digest_stored=bytes(digest_stored), key_id=str(key_id)
        )
        verdicts[index] = Added.REPEAT if same else Added.CLASH
    return verdicts


def _one(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    assert row is not None
    return row


def _check_room(full_lane: str | None) -> None:
    if full_lane is not None:
        raise LaneFull(
            marked("Too much is waiting to be delivered. Do it again in {seconds} seconds."),
            retry_after_s=FULL_RETRY_AFTER_S,
            seconds=FULL_RETRY_AFTER_S,
        )


def _clash() -> KeyClash:
    return KeyClash(marked("This was handed in before, with other content."))
