"""The crowd of a bench: organisations with sessions, and one fresh season per measurement."""

import time
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from standvast.care.campaigns.testing import a_season, day_dates
from standvast.core.lobby.testing import crowd as lobby_crowd
from standvast.core.lobby.testing import let_everyone_in, lobby_at
from standvast.database.api import database_now, named_sql
from standvast.registry.access.api import Role
from standvast.registry.access.testing import Prepared, prepare_sessions

PACKAGE = "standvast.drills.benches"
DAYS_COUNT = 200
REST_S_MAX = 30.0
DOSES_MAX = 2_000_000_000
ADDRESSES_MAX = 1_000_000_000


@dataclass(frozen=True)
class Ground:
    """A season that nobody has ordered in, with everybody admitted."""

    slug: str
    season_id: int
    lobby_id: uuid.UUID
    first_day_id: int
    dates: tuple[date, ...]


def gather(count: int) -> tuple[Prepared, ...]:
    """Store `count` organisations with one person each, and a session for each of them."""
    with connection.cursor() as cursor:
        for statement in named_sql(PACKAGE, "crowd").split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"count": count} if "%(count)s" in statement else None)
    return prepare_sessions(count, role=Role.CARE_MANAGER)


def until_at_rest() -> None:
    """Wait until the database has tidied up after the run before, so that no run pays another's.

    Writes out what is dirty, then waits for automatic vacuums under way, at most half a minute.
    """
    deadline = time.monotonic() + REST_S_MAX
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
            )
            row = cursor.fetchone()
            if row is not None and row[0] == 0:
                return
            time.sleep(0.2)


def fresh_ground(name: str) -> Ground:
    """Make a season of 200 days without scarcity, invite the crowd, let everyone in.

    Earlier ones are over, and their lobbies long empty: there is one season a year.
    """
    now = database_now()
    lobby_id = lobby_at(now - timedelta(minutes=5), slug=name)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE campaigns_season SET year = 2030 + id, state = 'closed'"
            " WHERE year BETWEEN 2000 AND 2029"
        )
        cursor.execute(
            "UPDATE lobby_lobby SET doors_at = doors_at - interval '30 days',"
            " starts_at = starts_at - interval '30 days',"
            " closes_at = closes_at - interval '30 days' WHERE id <> %s",
            [lobby_id],
        )
    season = a_season(
        now=now,
        slug=name,
        days_count=DAYS_COUNT,
        doses_max=DOSES_MAX,
        addresses_max=ADDRESSES_MAX,
        lobby=name,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO campaigns_kindrule (season_id, kind, doses_max) VALUES (%s, 'care', 5000)",
            [season.id],
        )
        cursor.execute(
            """
            INSERT INTO campaigns_customer (season_id, organisation_id, kind, address_key,
                                            ordered_last, administered_last)
            SELECT %s, id, kind, address_key, 600, 550
              FROM organisations_organisation WHERE kind = 'care'
            """,
            [season.id],
        )
        cursor.execute("SELECT id FROM organisations_organisation WHERE kind = 'care'")
        lobby_crowd(lobby_id, organisation_ids=[row[0] for row in cursor.fetchall()])
        let_everyone_in(lobby_id, now)
        cursor.execute("SELECT min(id) FROM campaigns_day WHERE season_id = %s", [season.id])
        row = cursor.fetchone()
        cursor.execute("ANALYZE campaigns_customer, campaigns_day, lobby_place")
    assert row is not None
    return Ground(name, season.id, lobby_id, int(row[0]), tuple(day_dates(season.id)))
