"""What the order desk asks of the lobby: whose turn it is, and that a turn is over."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db.models import F, Sum
from starlette.requests import Request

from standvast.care.campaigns.models import Day
from standvast.care.campaigns.rules import PassNeeded
from standvast.core.lobby.api import COOKIE, admitted_set, finish_place, read_pass
from standvast.kit.actor import Actor
from standvast.kit.words import marked

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


def check_pass(lobby: str, request: Request, actor: Actor) -> None:
    """Pass if the request carries the pass of this lobby, session and organisation.

    It proves who waits; whether they were let in is asked in the transaction of the sale.

    :raises PassNeeded: without one, or with another organisation's.
    :raises PassWrong, PassOver: if it is forged, of another session, or too old.
    """
    if not lobby:
        return
    sentence = marked("Wait for your turn first. The lobby shows your place.")
    token = request.cookies.get(COOKIE + lobby)
    if token is None:
        raise PassNeeded(sentence)
    session_key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    found = read_pass(token, session_key=session_key, now=datetime.now(UTC))
    if found.organisation_id != actor.organisation_id:
        raise PassNeeded(sentence)


async def admitted_by_lobby(
    conn: Connection, waiting: Mapping[str, Sequence[UUID]], *, now: datetime
) -> dict[str, frozenset[UUID]]:
    """Return, by lobby, which of these organisations are inside now."""
    return {
        lobby: frozenset(await admitted_set(conn, lobby, organisation_ids, now))
        for lobby, organisation_ids in waiting.items()
    }


async def finish_places(
    conn: Connection, finished: Mapping[str, Sequence[UUID]], *, now: datetime
) -> None:
    """Tell each lobby whose turn is over because they have what they came for."""
    for lobby, organisation_ids in finished.items():
        await finish_place(conn, lobby, organisation_ids, now)


def free_places(lobby: str) -> int | None:
    """Return how many addresses still fit in the season of this lobby; None if it is not ours."""
    days = Day.objects.filter(season__lobby=lobby, is_closed=False)
    left = days.filter(doses_taken__lt=F("doses_max")).aggregate(
        left=Sum(F("addresses_max") - F("addresses_taken"))
    )
    if left["left"] is None:
        return 0 if days.exists() else None
    return int(left["left"])
