"""What one serve process remembers of the lobbies: enough to answer every status by itself. Pure.

Filled from the tables by `refresh`; a status answer reads nothing else.
"""

import math
import struct
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from standvast.core.lobby.rules import (
    BUCKET_S,
    Estimate,
    LobbyState,
    Phase,
    PlaceState,
    Shown,
    estimate,
    poll_after_s,
)

SEEN_SPARE = 10
SEEN_LAG_S = 12
"""A process that is further behind than this says itself that it is stale."""
STANDSTILL = timedelta(seconds=15)
"""When letting-in was not even tried for so long, nothing is said about how long it will take."""


class LobbyRow(NamedTuple):
    """A lobby as the tables have it; columns of `sql/lobbies.sql`."""

    id: uuid.UUID
    slug: str
    state: str
    doors_at: datetime
    starts_at: datetime
    closes_at: datetime
    pass_s: int
    seed_commitment: str
    joined_count: int
    drawn_count: int
    shown_through: list[int]
    shown_from_s: list[float]
    observed_counts: list[int]
    let_in_at: datetime | None
    paused_at: datetime | None
    rate_per_s: float


class Status(msgspec.Struct, frozen=True, omit_defaults=False):
    """What a person is told about waiting. Times in UTC; `place` counts from 1."""

    phase: str
    server_at: datetime
    doors_at: datetime
    starts_at: datetime
    closes_at: datetime
    commitment: str
    gathered_count: int
    place: int | None = None
    ahead_count: int | None = None
    estimate_s: int | None = None
    estimate_reliable: bool = False
    pass_left_s: int | None = None
    poll_after_s: int = 5
    paused: bool = False
    """Letting-in stands still for a while; the time inside does not run."""
    stale: bool = False
    """The tables could not be read for a while: this is what was known before, without a place."""


Held = tuple[str, int | None, float | None]
"""State, position, when admitted: what is kept per place. Small, since there may be 100,000."""
PLACE = struct.Struct("!16scid")
"""A place as `sql/changed.sql` packs it: organisation, the state's first letter, position or -1,
when admitted in seconds or NaN. Of a field that is let in, thousands change in a second."""
_BY_LETTER = {state.value[:1].encode(): state.value for state in PlaceState}
assert len(_BY_LETTER) == len(PlaceState)


def unpacked(packed: bytes) -> Iterator[tuple[bytes, Held]]:
    """Return the places of some packed rows: 16 bytes of the organisation, and what is kept."""
    for organisation_id, letter, position, admitted_s in PLACE.iter_unpack(packed):
        yield (
            organisation_id,
            (
                _BY_LETTER[letter],
                position if position >= 0 else None,
                None if math.isnan(admitted_s) else admitted_s,
            ),
        )


@dataclass
class Room:
    """One lobby in memory."""

    row: LobbyRow
    places: dict[bytes, Held] = field(default_factory=dict)
    shown: Shown = field(default_factory=Shown)
    shown_through: int = 0
    """The furthest that was shown: a clock set right by a hair shows nobody a higher place."""
    rates_per_s: tuple[float, ...] = ()

    def renew(self, row: LobbyRow) -> None:
        """Take over the lobby's row."""
        self.row = row
        self.shown = Shown(tuple(row.shown_through), tuple(row.shown_from_s))
        self.rates_per_s = tuple(count / BUCKET_S for count in row.observed_counts[:-1])

    def take(self, changed: Mapping[bytes, Held]) -> None:
        """Take over changed places, all at once: no answer is given from half of a draw."""
        self.places.update(changed)

    def rates_at(self, now: datetime) -> tuple[float, ...]:
        """Return the rates seen; none once letting-in has stood still, whatever came before."""
        at = self.row.let_in_at
        return self.rates_per_s if at is not None and now - at < STANDSTILL else ()

    def ahead_max(self) -> int:
        """Return by how much another process can be ahead of this one, at the rate people go in.

        A lower place than that was another one, before this person left and joined again.
        """
        return SEEN_SPARE + math.ceil(SEEN_LAG_S * self.row.rate_per_s)

    def ahead_count(self, position: int, now: datetime) -> int:
        """Return how many positions before this one were not let in yet.

        Follows from the position and the instant alone, so every process says the same. Positions
        that were given up count until letting-in has passed them, whoever knows of it.
        """
        self.shown_through = max(self.shown_through, self.shown.at(now.timestamp()))
        return max(0, position - self.shown_through - 1)


class Memory:
    """All lobbies of this process."""

    def __init__(self) -> None:
        self._rooms: dict[bytes, Room] = {}
        self._by_slug: dict[str, Room] = {}

    def renew(
        self, rows: Iterable[LobbyRow], changed: Mapping[bytes, Mapping[bytes, Held]]
    ) -> None:
        """Take over what a refresh read in one snapshot of the tables; places by lobby."""
        rows = list(rows)
        kept = {row.id.bytes for row in rows}
        for key in [key for key in self._rooms if key not in kept]:
            del self._by_slug[self._rooms.pop(key).row.slug]
        for row in rows:
            room = self._rooms.get(row.id.bytes)
            if room is None:
                room = self._rooms[row.id.bytes] = self._by_slug[row.slug] = Room(row)
            room.renew(row)
        for key, places in changed.items():
            if key in self._rooms:
                self._rooms[key].take(places)

    def put(self, lobby_id: bytes, organisation_id: bytes, held: Held) -> None:
        """Remember at once what this process itself has just committed."""
        room = self._rooms.get(lobby_id)
        if room is not None:
            room.take({organisation_id: held})

    def room(self, slug: str) -> Room | None:
        """Return the lobby of this name, if there is one."""
        return self._by_slug.get(slug)

    def rooms(self) -> list[Room]:
        """Return all lobbies."""
        return list(self._rooms.values())

    def lobby_ids(self) -> frozenset[uuid.UUID]:
        """Return which lobbies are known."""
        return frozenset(room.row.id for room in self._rooms.values())


def _inside_until_s(row: LobbyRow, admitted_s: float, now: datetime) -> float:
    """Return how many seconds a pass still has; a pause stops its clock."""
    at = row.paused_at if row.paused_at is not None and row.paused_at < now else now
    return admitted_s + row.pass_s - at.timestamp()


def phase_of(row: LobbyRow, held: Held | None, now: datetime) -> Phase:
    """Return what a person with this place is told."""
    if held is not None and held[0] == "used":
        return Phase.USED
    if row.state == LobbyState.CLOSED or now >= row.closes_at:
        return Phase.CLOSED
    if held is not None and held[0] == PlaceState.ADMITTED:
        over = held[2] is None or _inside_until_s(row, held[2], now) <= 0
        return Phase.EXPIRED if over else Phase.ADMITTED
    if held is not None and held[0] in ("left", "expired"):
        return Phase(held[0])
    if now < row.doors_at:
        return Phase.BEFORE_DOORS
    if held is None:
        return Phase.NOT_JOINED
    if held[1] is None and row.state == LobbyState.GATHERING:
        return Phase.GATHERING
    return Phase.WAITING


def status_of(
    room: Room,
    organisation_id: bytes,
    now: datetime,
    *,
    seen: int | None,
    is_known: bool = True,
    is_unread: bool = False,
    stale: bool = False,
) -> Status:
    """Return the status of an organisation's place.

    `seen` is the place that this browser was shown last: a place shown only ever goes down, even
    when a commit took longer than it may. Without `is_known` this process cannot know what others
    show by now, and says no place: the browser keeps the one it shows.
    With `is_unread` another process gave a place that was not read here yet: they wait.
    """
    row = room.row
    held = room.places.get(organisation_id)
    if held is None and is_unread:
        held = (PlaceState.WAITING.value, None, None)
    phase = phase_of(row, held, now)
    place = ahead = pass_left_s = None
    said = Estimate(None, reliable=False)
    if phase is Phase.WAITING and held is not None and held[1] is not None:
        place = room.ahead_count(held[1], now) + 1
        if seen is not None and place - room.ahead_max() <= seen < place:
            place = max(1, seen)
        ahead = place - 1
        said = estimate(ahead, room.rates_at(now))
    ask_after_s = poll_after_s(phase, ahead, (row.starts_at - now).total_seconds())
    if place is not None and not is_known:
        place = ahead = None
        said, stale = Estimate(None, reliable=False), True
    if phase is Phase.ADMITTED and held is not None and held[2] is not None:
        pass_left_s = max(0, int(_inside_until_s(row, held[2], now)))
    return Status(
        phase=phase,
        server_at=now.astimezone(UTC),
        doors_at=row.doors_at,
        starts_at=row.starts_at,
        closes_at=row.closes_at,
        commitment=row.seed_commitment,
        gathered_count=row.joined_count,
        place=place,
        ahead_count=ahead,
        estimate_s=said.seconds,
        estimate_reliable=said.reliable,
        pass_left_s=pass_left_s,
        poll_after_s=ask_after_s,
        paused=row.paused_at is not None,
        stale=stale,
    )
