"""What one entry is, and the form in which it is hashed. Pure.

The canonical form is repeated in `sql/append.sql`; a property test holds the two together.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from standvast.kit.actor import Actor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
GENESIS = bytes(32)
"""What the first entry of a chain follows."""
ACTIONS = "CRUDE"
"""Create, read, update, delete, execute: as FHIR AuditEvent and NEN 7513 have it."""
THROUGH = "through"
"""In `detail`: the app of another through which somebody acted, by its name."""
OUTCOMES = (0, 4, 8, 12)
"""Done, refused or small fault, serious fault, severe fault."""
ADDRESS_MAX = 64
DETAIL_MAX = 4_000


class Entry(msgspec.Struct, frozen=True):
    """One look at or change of one record. No care data in `detail`: ids, numbers, products."""

    organisation_id: uuid.UUID
    at: datetime
    action: str
    event: str
    record_kind: str
    record_id: str
    person_id: uuid.UUID | None = None
    role: str = ""
    on_behalf_of: uuid.UUID | None = None
    from_address: str = ""
    outcome: int = 0
    purpose: str = ""
    detail: Mapping[str, str | int] = msgspec.field(default_factory=dict)
    helping_from: uuid.UUID | None = None
    trace_id: str = ""


def entry_of(
    actor: Actor,
    *,
    at: datetime,
    action: str,
    event: str,
    record_kind: str,
    record_id: str | uuid.UUID,
    detail: Mapping[str, str | int] | None = None,
    outcome: int = 0,
    purpose: str = "",
    trace_id: str = "",
) -> Entry:
    """Return the entry for what `actor` does; a helper acts on the organisation's behalf.

    Who acts through an app of another is written down with the app's name.
    """
    through = {THROUGH: actor.app} if actor.app else {}
    return Entry(
        organisation_id=actor.organisation_id,
        at=at,
        action=action,
        event=event,
        record_kind=record_kind,
        record_id=str(record_id),
        person_id=actor.person_id,
        role=actor.role,
        on_behalf_of=actor.organisation_id if actor.helping_from else None,
        from_address=actor.address[:ADDRESS_MAX],
        outcome=outcome,
        purpose=purpose,
        detail={**(detail or {}), **through},
        helping_from=actor.helping_from,
        trace_id=trace_id,
    )


def detail_text(detail: Mapping[str, str | int]) -> str:
    """Return the detail as it is stored and hashed: JSON with sorted keys, no spaces."""
    if not detail:
        return "{}"
    return msgspec.json.encode(detail, order="sorted").decode()


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in the table, with its place in the chain."""

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
    trace_id: str
    detail: str
    hash: bytes


def _piece(value: bytes | None) -> bytes:
    """Length first, so that no two different rows read the same; minus one means: not there."""
    if value is None:
        return (-1).to_bytes(4, "big", signed=True)
    return len(value).to_bytes(4, "big", signed=True) + value


def canonical(entry: Written) -> bytes:
    """Return every field of an entry but its hash, length-prefixed, in one fixed order."""
    micros = (entry.at - EPOCH) // MICROSECOND
    optional = (entry.person_id, entry.on_behalf_of, entry.helping_from)
    return b"".join(
        [
            _piece(entry.organisation_id.bytes),
            _piece(entry.position.to_bytes(8, "big", signed=True)),
            _piece(micros.to_bytes(8, "big", signed=True)),
            *(_piece(found.bytes if found else None) for found in optional),
            _piece(entry.outcome.to_bytes(4, "big", signed=True)),
            *(
                _piece(text.encode())
                for text in (
                    entry.action,
                    entry.event,
                    entry.record_kind,
                    entry.record_id,
                    entry.role,
                    entry.from_address,
                    entry.purpose,
                    entry.trace_id,
                    entry.detail,
                )
            ),
        ]
    )


def linked(before: bytes, entry: Written) -> bytes:
    """Return the hash of `entry` as the successor of the entry whose hash is `before`."""
    return hashlib.sha256(before + hashlib.sha256(canonical(entry)).digest()).digest()
