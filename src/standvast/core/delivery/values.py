"""What travels between those who enqueue, the courier and a destination. Frozen, no behaviour."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Protocol

Payload = Mapping[str, object]

KEY_CHARACTERS_MAX = 200
RECEIPT_CHARACTERS_MAX = 300
REASON_CHARACTERS_MAX = 80
PAYLOAD_BYTES_MAX = 256 * 1024


class Urgency(IntEnum):
    """Which deliveries of a lane go first; the order within one subject stays as it came."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


class Added(StrEnum):
    """What became of one message that was handed to `enqueue_set`."""

    ADDED = "added"
    REPEAT = "repeat"
    """Same lane, key and content: it was there already."""
    CLASH = "clash"
    """Same lane and key, other content: nothing was written."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be delivered: `key` is its business identity, unique per lane.

    `subject` is what must stay in order: the patient, the order, the mail box. No personal data
    in subject or key: those are shown at the desk. The payload is sealed.
    """

    lane: str
    subject: str
    key: str
    payload: Payload = field(repr=False)
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to attempt one delivery until `expires_at`."""

    delivery_id: int
    lane: str
    subject: str
    key: str
    payload: Payload = field(repr=False)
    attempts_count: int
    """This attempt included."""
    token: uuid.UUID
    expires_at: datetime
    created_at: datetime
    owed_at: datetime
    """From when its age counts."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The peer took it; `receipt` is what it answered, without personal data."""

    receipt: str = ""
    is_settled: bool = False
    """Effect and settle were committed together: nothing is left to record."""


@dataclass(frozen=True, slots=True)
class RefusedByPeer:
    """The peer said no, and would say no again: this needs a person."""

    reason_code: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """No answer, or a busy one. The key makes the repeat harmless.

    `peer_is_up` says that the peer works and only this delivery must wait (a full mail box):
    then it does not count for the breaker.
    """

    reason_code: str
    retry_after_s: float | None = None
    peer_is_up: bool = False


Outcome = Accepted | RefusedByPeer | TryLater


class Destination(Protocol):
    """The code that offers a delivery to one peer. Made once per courier, in its loop."""

    timeout_s: float
    """An attempt is cut off after this; the lease is longer than twice this."""

    async def attempt(self, lease: Lease) -> Outcome:
        """Offer one delivery. Never raises for anything the peer or the network does."""
        ...
