"""Plain psycopg connections beside Django's pool, to the same database."""

from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo


def conninfo() -> str:
    """Return the libpq connection string of the database that Django uses now."""
    used = connection.settings_dict
    named = {
        "dbname": used["NAME"],
        "user": used["USER"],
        "password": used["PASSWORD"],
        "host": used["HOST"],
        "port": used["PORT"],
    }
    return make_conninfo(**{name: str(value) for name, value in named.items() if value})


async def async_connect(
    *, autocommit: bool = True, name: str = "standvast"
) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    """Open one asynchronous connection; the caller closes it. Times are UTC."""
    return await psycopg.AsyncConnection.connect(
        conninfo(),
        autocommit=autocommit,
        application_name=name,
        connect_timeout=5,
        options="-c timezone=UTC",
    )


def sync_connect(
    *, autocommit: bool = True, name: str = "standvast"
) -> psycopg.Connection[tuple[Any, ...]]:
    """Open one synchronous connection; the caller closes it. Times are UTC."""
    return psycopg.Connection.connect(
        conninfo(),
        autocommit=autocommit,
        application_name=name,
        connect_timeout=5,
        options="-c timezone=UTC",
    )
