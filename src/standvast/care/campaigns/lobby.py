"""What the order desk asks of the lobby, set-wise and inside its own transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


async def admitted_by_lobby(
    conn: Connection, waiting: Mapping[str, Sequence[UUID]], *, now: datetime
) -> dict[str, frozenset[UUID]]:
    """Return, by lobby, which of these organisations hold a good pass now."""
    if not waiting:
        return {}
    from standvast.core.lobby.api import admitted_set

    return {
        lobby: frozenset(await admitted_set(conn, lobby, organisation_ids, now=now))
        for lobby, organisation_ids in waiting.items()
    }


async def finish_places(
    conn: Connection, finished: Mapping[str, Sequence[UUID]], *, now: datetime
) -> None:
    """Tell each lobby whose turn is over because they have what they came for."""
    if not finished:
        return
    from standvast.core.lobby.api import finish_place

    for lobby, organisation_ids in finished.items():
        await finish_place(conn, lobby, organisation_ids, now=now)
