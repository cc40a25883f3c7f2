"""Reading lobbies for pages, boards and probes; what the public may download as proof."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from standvast.core.groupcommit.api import until_kept
from standvast.core.lobby.models import Lobby, Place, Witness
from standvast.core.lobby.operations.rows import PACKAGE, LobbyNotFound
from standvast.core.lobby.rules import LobbyState, PlaceState
from standvast.database.api import named_sql
from standvast.kit.words import marked

INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class LobbyView:
    """A lobby in figures, for the board."""

    id: uuid.UUID
    slug: str
    state: LobbyState
    doors_at: datetime
    starts_at: datetime
    closes_at: datetime
    joined_count: int
    waiting_count: int
    admitted_count: int
    used_count: int
    left_count: int
    expired_count: int
    rate_per_s: float


@dataclass(frozen=True)
class ProofView:
    """What the page of the draw shows: what was promised beforehand, and what came of it."""

    slug: str
    commitment: str
    seed: str
    root: str
    starts_at: datetime
    revealed_at: datetime | None
    is_closed: bool
    drawn_count: int
    joined_count: int
    witnessed: tuple[tuple[datetime, int, str], ...]


@dataclass(frozen=True)
class Trouble:
    """Something in a lobby that is not as people were told; `code` is stable, for probes."""

    slug: str
    code: str
    count: int


@dataclass(frozen=True)
class PlaceView:
    """One organisation's own place."""

    ticket: str
    joined_at: datetime
    state: PlaceState
    position: int | None
    drawn_position: int | None


def _found(slug: str) -> Lobby:
    lobby = Lobby.objects.defer("sealed_seed").filter(slug=slug).first()
    if lobby is None:
        raise LobbyNotFound(marked("There is no such lobby."))
    return lobby


def lobby_view(slug: str) -> LobbyView:
    """Return a lobby in figures. Counts rows: for a board, not for every poll.

    :raises LobbyNotFound: if there is none.
    """
    lobby = _found(slug)
    counted = Place.objects.filter(lobby_id=lobby.id).values("state").annotate(count=Count("id"))
    by_state = {row["state"]: row["count"] for row in counted}
    return LobbyView(
        id=lobby.id,
        slug=lobby.slug,
        state=LobbyState(lobby.state),
        doors_at=lobby.doors_at,
        starts_at=lobby.starts_at,
        closes_at=lobby.closes_at,
        joined_count=lobby.joined_count,
        waiting_count=by_state.get("waiting", 0),
        admitted_count=by_state.get("admitted", 0),
        used_count=by_state.get("used", 0),
        left_count=by_state.get("left", 0),
        expired_count=by_state.get("expired", 0),
        rate_per_s=lobby.rate_per_s,
    )


def place_view(slug: str, organisation_id: uuid.UUID) -> PlaceView | None:
    """Return an organisation's own place in a lobby, with its ticket, once it is on disk."""
    place = Place.objects.filter(lobby__slug=slug, organisation_id=organisation_id).first()
    if place is None:
        return None
    until_kept(place.joined_at)
    return PlaceView(
        ticket=place.ticket,
        joined_at=place.joined_at,
        state=PlaceState(place.state),
        position=place.position,
        drawn_position=place.drawn_position,
    )


def organisations_in(slugs: Collection[str], *, since: datetime) -> frozenset[uuid.UUID]:
    """Return which organisations took a place in any of these lobbies since an instant."""
    places = Place.objects.filter(lobby__slug__in=slugs, joined_at__gte=since)
    return frozenset(places.values_list("organisation_id", flat=True))


def proof_view(slug: str) -> ProofView:
    """Return what the page of the draw shows.

    :raises LobbyNotFound: if there is none.
    """
    lobby = _found(slug)
    seen = Witness.objects.filter(lobby_id=lobby.id).order_by("at")
    return ProofView(
        slug=lobby.slug,
        commitment=lobby.seed_commitment,
        seed=bytes(lobby.seed).hex() if lobby.seed is not None else "",
        root=lobby.root,
        starts_at=lobby.starts_at,
        revealed_at=lobby.revealed_at,
        is_closed=lobby.state == LobbyState.CLOSED,
        drawn_count=lobby.drawn_count,
        joined_count=lobby.joined_count,
        witnessed=tuple(seen.values_list("at", "tickets_count", "root")),
    )


def proof_of(slug: str) -> dict[str, Any]:
    """Return the downloadable proof, as `fairness.verify_proof` reads it. No names, only tickets.

    :raises LobbyNotFound: if there is none.
    """
    view = proof_view(slug)
    places = Place.objects.filter(lobby__slug=slug).order_by("joined_at", "id")
    rows = places.values_list("ticket", "joined_at", "drawn_position")
    return {
        "lobby": view.slug,
        "commitment": view.commitment,
        "seed": view.seed,
        "root": view.root,
        "starts_at": view.starts_at.strftime(INSTANT),
        "drawn_count": view.drawn_count,
        "witnessed": [[at.strftime(INSTANT), count, root] for at, count, root in view.witnessed],
        "tickets": [
            [ticket, at.strftime(INSTANT), drawn] for ticket, at, drawn in rows.iterator(5_000)
        ],
    }


def lobby_troubles(now: datetime) -> list[Trouble]:
    """Return where a lobby is not honest: not drawn in time, standing still, someone passed over.

    Every open lobby is looked at; an empty list means that what people are told is so.
    """
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "troubles"), {"now": now})
        return [Trouble(*row) for row in cursor.fetchall()]
