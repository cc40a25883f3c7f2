"""What a page may say of what was written together: only what is on disk.

A batch can be read a moment before it is there, and for as long as the disk hangs.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

DURABLE = "SELECT pg_logical_emit_message(true, 'standvast', '')"
"""A commit of its own, as durable as the server makes one: all that was committed before it, by
whomever, is durable as well."""
YOUNG = timedelta(minutes=10)
"""Older than this is on disk: nobody waits for a disk that long."""


def until_kept(*written_at: datetime | None) -> None:
    """Wait for the disk if one of these instants is young: what was read then stands.

    For pages, outside any transaction: inside one it waits for nothing.
    """
    youngest = max((at for at in written_at if at is not None), default=None)
    if youngest is not None and timezone.now() - youngest < YOUNG:
        with connection.cursor() as cursor:
            cursor.execute(DURABLE)
