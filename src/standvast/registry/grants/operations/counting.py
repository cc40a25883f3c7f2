"""How often an app's proof was wrong from one network address: past a bound it has to wait."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection, transaction

from standvast.database.api import named_sql
from standvast.kit.errors import Busy
from standvast.kit.words import marked
from standvast.registry.grants.models import Tally

PACKAGE = "standvast.registry.grants"
WRONG_MAX = 20
WINDOW = timedelta(minutes=5)
SPREAD_MAX = 200
"""For all apps together from one address: whoever tries one after the other."""


ANY = "\0"
"""In place of an app's name, which never holds this: whatever the app."""


class TooOftenWrong(Busy):
    """Too many wrong proofs from there; the right one is not looked at either."""

    code = "grants.too_often_wrong"


def check_tries(client_id: str, address: str, *, now: datetime) -> None:
    """Pass if an app from there was not wrong too often lately.

    Another address is not held up by it: nobody can lock an app out for its supplier.

    :raises TooOftenWrong: with when to come back.
    """
    counts = dict(
        Tally.objects.filter(
            window_at=_window(now), digest__in=(_digest(client_id, address), _digest(ANY, address))
        ).values_list("digest", "count")
    )
    mine = counts.get(_digest(client_id, address), 0)
    if mine < WRONG_MAX and counts.get(_digest(ANY, address), 0) < SPREAD_MAX:
        return
    left = _window(now) + WINDOW - now
    raise TooOftenWrong(
        marked("Too often wrong. Come back in {minutes} minutes."),
        retry_after_s=max(1, int(left.total_seconds())),
        minutes=max(1, int(left.total_seconds() // 60)),
    )


@transaction.atomic(durable=True)
def count_wrong(client_id: str, address: str, *, now: datetime) -> None:
    """Count one wrong proof."""
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "count_wrong"),
            {
                "digests": [_digest(client_id, address), _digest(ANY, address)],
                "window_at": _window(now),
            },
        )


def _digest(client_id: str, address: str) -> str:
    return hashlib.sha256(f"{client_id[:100]}\0{address}".encode()).hexdigest()


def _window(now: datetime) -> datetime:
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % WINDOW
