"""What can be asked of the order desk on its hot path, and what it answers. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from standvast.care.campaigns.rules import KEY_LENGTH_MAX, CustomerTerms
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class Take:
    """Hold a place, or with `is_final` order it at once.

    `received_s` is `time.monotonic()` when the request reached this process. The same `key` from
    the same organisation is the same request. `lobby` is the season's as the process remembers it:
    who waited in another has not waited.
    """

    season_id: int
    on: date
    doses: int
    actor: Actor
    key: str
    received_s: float
    is_final: bool = False
    lobby: str = ""

    def __post_init__(self) -> None:
        assert 0 < len(self.key) <= KEY_LENGTH_MAX


@dataclass(frozen=True, slots=True)
class Confirm:
    """Turn a hold into an order. Counts by when it reached us."""

    order_id: UUID
    actor: Actor
    key: str
    received_s: float


@dataclass(frozen=True, slots=True)
class Release:
    """Give a held place back."""

    order_id: UUID
    actor: Actor
    key: str
    received_s: float


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Lengthen a hold by the time that we, not the person, took."""

    order_id: UUID
    actor: Actor
    ms: int
    received_s: float


Item = Take | Confirm | Release | GiveBack


@dataclass(slots=True)
class OrderRow:
    """One order as read under its day's lock; a batch moves it while it decides."""

    id: UUID
    season_id: int
    organisation_id: UUID
    day_id: int
    on: date
    address_key: str
    doses: int
    state: str
    hold_taken_at: datetime
    held_until: datetime
    given_back_ms: int
    confirmed_at: datetime | None
    ended_at: datetime | None
    version: int
    key_hold: str
    key_confirm: str
    person_id: UUID | None
    helping_from: UUID | None
    language: str


@dataclass(slots=True)
class OrderSeen(OrderRow):
    """An order as read, with how many orders go to its stop."""

    stop_count: int = 0


@dataclass(frozen=True, slots=True)
class CustomerSeen(CustomerTerms):
    """Who asks, as read, with how many orders go to that address on the day asked for."""

    on: date
    stop_count: int


@dataclass(slots=True)
class Kept:
    """Yes: the order as it stands now. `is_repeat` when the key had been answered before.

    `at` is the database's instant of the commit, `decided_s` the same in monotonic seconds.
    """

    order: OrderRow
    at: datetime
    decided_s: float
    is_repeat: bool = False


Verdict = Kept | Refused
"""A refusal is a value here: one that does not fit never fails the others."""


def received_at(item: Item, *, now: datetime, monotonic_s: float) -> datetime:
    """Return when the item reached us: the database's now minus what it waited since."""
    return now - timedelta(seconds=max(0.0, monotonic_s - item.received_s))
