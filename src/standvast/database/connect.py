"""Plain psycopg connections beside Django's pool, to the same database."""

from typing import Any

import psycopg
from django.conf import settings


def conninfo() -> str:
    """Return the libpq connection string of the configured database."""
    return str(settings.DATABASE_URL)


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
