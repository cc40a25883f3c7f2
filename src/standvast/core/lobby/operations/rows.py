"""The lobby's row, locked, and the named SQL that goes with it."""

import uuid
from typing import Any

from django.db import connection

from standvast.core.lobby.models import Lobby
from standvast.database.api import named_sql
from standvast.kit.errors import NotFound
from standvast.kit.words import marked

PACKAGE = "standvast.core.lobby"
CHANNEL = "lobby_changed"


class LobbyNotFound(NotFound):
    """No lobby has this name."""

    code = "lobby.not_found"


def locked(lobby_id: uuid.UUID) -> Lobby:
    """Return a lobby whose row is ours until the commit: joins, draw and letting-in take turns.

    :raises LobbyNotFound: if there is none.
    """
    lobby = Lobby.objects.select_for_update(no_key=True).filter(id=lobby_id).first()
    if lobby is None:
        raise LobbyNotFound(marked("There is no such lobby."))
    return lobby


def run(name: str, **values: Any) -> tuple[int, list[tuple[Any, ...]]]:
    """Run one named SQL file; return how many rows it touched, and those it answers."""
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, name), values)
        rows = cursor.fetchall() if cursor.description else []
        return cursor.rowcount, rows
