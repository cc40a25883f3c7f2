"""Builders for tests, drills and benches: a lobby, and a crowd in it within a second."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from standvast.core.lobby.models import Lobby, Place
from standvast.core.lobby.operations.night import draw_if_due
from standvast.core.lobby.operations.planning import plan_lobby
from standvast.core.lobby.rules import DRAW_GRACE, Limits

TICKET = "encode(sha256(convert_to(organisation_id::text, 'UTF8')), 'hex')"


def lobby_at(
    starts_at: datetime,
    *,
    slug: str = "night",
    doors: timedelta = timedelta(minutes=30),
    open_for: timedelta = timedelta(hours=12),
    limits: Limits | None = None,
    seed: bytes | None = None,
) -> uuid.UUID:
    """Return a new lobby whose doors open half an hour before its instant."""
    return plan_lobby(
        slug=slug,
        doors_at=starts_at - doors,
        starts_at=starts_at,
        closes_at=starts_at + open_for,
        limits=limits,
        seed=seed,
    )


def crowd(
    lobby_id: uuid.UUID,
    n: int | None = None,
    *,
    organisation_ids: Sequence[uuid.UUID] | None = None,
    joined_at: datetime | None = None,
    drawn: bool = True,
) -> list[uuid.UUID]:
    """Put `n` invented organisations, or the given ones, into a lobby, and draw it unless told not.

    Their tickets follow from their ids, not from the seed; `verify_draw` holds all the same.
    """
    lobby = Lobby.objects.get(id=lobby_id)
    at = joined_at or lobby.starts_at - timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO lobby_place (lobby_id, organisation_id, ticket, joined_at, state, version)
            SELECT %(lobby_id)s, organisation_id,
                   left({TICKET}, 32) || '.' || right({TICKET}, 32),
                   %(at)s, 'waiting', pg_current_xact_id()::text::bigint
              FROM (SELECT unnest(%(given)s::uuid[]) AS organisation_id
                    UNION ALL
                    SELECT gen_random_uuid() FROM generate_series(1, %(n)s)) AS people
            RETURNING organisation_id
            """,
            {"lobby_id": lobby_id, "at": at, "given": list(organisation_ids or []), "n": n or 0},
        )
        found = [row[0] for row in cursor.fetchall()]
    Lobby.objects.filter(id=lobby_id).update(joined_count=lobby.joined_count + len(found))
    if drawn:
        draw_if_due(lobby.starts_at + DRAW_GRACE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE lobby_place")
    return found


def let_everyone_in(lobby_id: uuid.UUID, now: datetime) -> int:
    """Admit everybody who waits, whatever the rules say, for benches of what comes after."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH inside AS (
                UPDATE lobby_place
                   SET state = 'admitted', admitted_at = %(now)s,
                       version = pg_current_xact_id()::text::bigint
                 WHERE lobby_id = %(lobby_id)s AND state = 'waiting' AND position IS NOT NULL
                RETURNING position)
            UPDATE lobby_lobby SET admitted_through = next_position - 1
             WHERE id = %(lobby_id)s
            RETURNING (SELECT count(*) FROM inside)
            """,
            {"lobby_id": lobby_id, "now": now},
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def positions(lobby_id: uuid.UUID) -> dict[uuid.UUID, int | None]:
    """Return every organisation's position."""
    rows = Place.objects.filter(lobby_id=lobby_id)
    return dict(rows.values_list("organisation_id", "position"))
