"""Places set by set, inside the transaction of a group commit, on any psycopg connection."""

import secrets
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from standvast.core.journal.api import Entry, record_set
from standvast.core.lobby.fairness import NONCE, ticket_of
from standvast.core.lobby.rules import PLACES_MAX, LobbyState, PlaceState
from standvast.core.lobby.seed import open_seed
from standvast.database.api import as_array, named_sql

PACKAGE = "standvast.core.lobby"
Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody wants a place for an organisation. `received_s` is monotonic, in this process."""

    lobby_id: uuid.UUID
    organisation_id: uuid.UUID
    device_nonce: str = ""
    person_id: uuid.UUID | None = None
    role: str = ""
    from_address: str = ""
    received_s: float | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The place that the organisation has; `is_new` if this join gave it."""

    lobby_id: uuid.UUID
    organisation_id: uuid.UUID
    ticket: str
    joined_at: datetime
    state: PlaceState
    position: int | None
    admitted_at: datetime | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class NotJoined:
    """Why there is no place: `lobby.not_found`, `doors_shut`, `closed` or `full`."""

    code: str


@dataclass(frozen=True)
class _Locked:
    lobby_id: uuid.UUID
    state: LobbyState
    doors_at: datetime
    starts_at: datetime
    closes_at: datetime
    sealed_seed: bytes
    joined_count: int
    next_position: int
    witnessed_at: datetime | None

    def refusal(self, now: datetime, new_count: int) -> str:
        if now < self.doors_at:
            return "lobby.doors_shut"
        if self.state is LobbyState.CLOSED or now >= self.closes_at:
            return "lobby.closed"
        return "lobby.full" if self.joined_count + new_count > PLACES_MAX else ""

    def joined_at(self, join: Join, now: datetime) -> datetime:
        """When it reached us; never inside what was already witnessed or drawn."""
        waited_s = time.monotonic() - join.received_s if join.received_s is not None else 0.0
        at = max(self.doors_at, now - timedelta(seconds=max(0.0, waited_s)))
        if self.witnessed_at is not None:
            at = max(at, self.witnessed_at + timedelta(microseconds=1))
        return at if self.state is LobbyState.GATHERING else max(at, self.starts_at)


async def join_set(
    conn: Connection, joins: Sequence[Join], now: datetime
) -> list[Joined | NotJoined]:
    """Give each join its place; the same organisation always gets the same one.

    Locks the lobbies in key order, then the places, then the journal's heads.
    """
    lobby_ids = sorted({join.lobby_id for join in joins})
    cursor = await conn.execute(named_sql(PACKAGE, "lock"), {"lobby_ids": lobby_ids})
    lobbies = {
        row[0]: _Locked(row[0], LobbyState(row[1]), *row[2:]) for row in await cursor.fetchall()
    }
    verdicts: dict[tuple[uuid.UUID, uuid.UUID], Joined | NotJoined] = {}
    entries: list[Entry] = []
    for lobby_id in lobby_ids:
        mine: dict[uuid.UUID, Join] = {}
        for join in joins:
            if join.lobby_id == lobby_id:
                mine.setdefault(join.organisation_id, join)
        lobby = lobbies.get(lobby_id)
        code = lobby.refusal(now, len(mine)) if lobby else "lobby.not_found"
        if lobby is None or code:
            verdicts |= {(lobby_id, organisation_id): NotJoined(code) for organisation_id in mine}
            continue
        for joined in await _join_one_lobby(conn, lobby, list(mine.values()), now):
            verdicts[lobby_id, joined.organisation_id] = joined
            if joined.is_new:
                entries.append(_entry(joined, mine[joined.organisation_id], now))
    await record_set(conn, entries)
    return [verdicts[join.lobby_id, join.organisation_id] for join in joins]


async def _join_one_lobby(
    conn: Connection, lobby: _Locked, joins: Sequence[Join], now: datetime
) -> list[Joined]:
    seed = open_seed(lobby.sealed_seed, lobby.lobby_id.bytes)
    gathering = lobby.state is LobbyState.GATHERING
    cursor = await conn.execute(
        named_sql(PACKAGE, "join"),
        {
            "lobby_id": lobby.lobby_id,
            "organisation_ids": [join.organisation_id for join in joins],
            "tickets": [
                ticket_of(_nonce(join.device_nonce), seed, join.organisation_id.bytes)
                for join in joins
            ],
            "joined_ats": [lobby.joined_at(join, now) for join in joins],
            "first_position": None if gathering else lobby.next_position,
        },
    )
    rows = await cursor.fetchall()
    new_count = sum(row[6] for row in rows)
    if new_count:
        await conn.execute(
            named_sql(PACKAGE, "count_joined"),
            {
                "lobby_id": lobby.lobby_id,
                "joined_count": sum(row[7] for row in rows),
                "positions_count": 0 if gathering else new_count,
            },
        )
    return [
        Joined(lobby.lobby_id, row[0], row[1], row[2], PlaceState(row[3]), row[4], row[5], row[6])
        for row in rows
    ]


def _nonce(given: str) -> str:
    """The device's half; a browser without JavaScript gets one from us and can steer nothing."""
    return given if NONCE.fullmatch(given) else secrets.token_hex(16)


def _entry(joined: Joined, join: Join, now: datetime) -> Entry:
    return Entry(
        organisation_id=joined.organisation_id,
        at=now,
        action="C",
        event="lobby.joined",
        record_kind="lobby_place",
        record_id=str(joined.lobby_id),
        person_id=join.person_id,
        role=join.role,
        from_address=join.from_address,
        detail={"ticket": joined.ticket},
    )


async def leave_set(
    conn: Connection, lobby: uuid.UUID | str, organisation_ids: Sequence[uuid.UUID]
) -> set[uuid.UUID]:
    """Give places away; return who had one to give. `lobby` is its id or its slug."""
    cursor = await conn.execute(
        named_sql(PACKAGE, "leave"),
        {"lobby": str(lobby), "organisation_ids": list(organisation_ids)},
    )
    return {row[0] for row in await cursor.fetchall()}


async def admitted_set(
    conn: Connection, lobby: uuid.UUID | str, organisation_ids: Sequence[uuid.UUID], now: datetime
) -> set[uuid.UUID]:
    """Return which of these organisations are inside at `now`: let in, in time, not yet done.

    `lobby` is its id or its slug.
    """
    cursor = await conn.execute(
        named_sql(PACKAGE, "admitted"),
        {"lobby": str(lobby), "organisation_ids": as_array(organisation_ids), "now": now},
    )
    return {row[0] for row in await cursor.fetchall()}


async def finish_place(
    conn: Connection, lobby: uuid.UUID | str, organisation_ids: Sequence[uuid.UUID], now: datetime
) -> set[uuid.UUID]:
    """Mark passes used, in the transaction of what they were used for; return whose were open.

    Frees their place inside for the next one. `lobby` is its id or its slug. Safe to repeat.
    """
    cursor = await conn.execute(
        named_sql(PACKAGE, "finish"),
        {"lobby": str(lobby), "organisation_ids": as_array(organisation_ids), "now": now},
    )
    return {row[0] for row in await cursor.fetchall()}
