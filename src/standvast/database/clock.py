"""One clock for all processes: the database's."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's `clock_timestamp()`, an instant in UTC.

    The outermost call of a page or command reads it once and passes it on as `now`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row is not None
    now = row[0]
    assert isinstance(now, datetime)
    return now
