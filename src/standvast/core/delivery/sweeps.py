"""What the watch process does for lanes from time to time; each is safe to repeat."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from standvast.core.delivery.lanes import LANES
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.presence import LOCK_CLASS
from standvast.database.api import named_sql
from standvast.kit.wiring import wired

log = logging.getLogger(__name__)

PURGE_BATCH_COUNT = 2_000
PURGE_BATCHES_MAX = 10


def release_expired(now: datetime) -> None:
    """Give back what expired or a dead courier held; couriers do the same at their own lanes.

    A delivery past its attempts or its age goes to a person's attention instead.
    """
    for lane in wired(LANES):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(named_sql(PACKAGE, "lock_lane"), {"lane": lane.name})
            cursor.execute(
                named_sql(PACKAGE, "release_expired"),
                {
                    "lane": lane.name,
                    "now": now,
                    "attempts_max": lane.attempts_max,
                    "owed_before": now - timedelta(seconds=lane.age_s_max),
                    "holds": lane.holds_on_refusal,
                    "lock_class": LOCK_CLASS,
                },
            )


def count_depth(now: datetime) -> None:
    """Count what waits per lane: the bound of `enqueue` and the page read it."""
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "count_depth"), {"lane": None, "now": now})


def promote_stranded(now: datetime) -> None:
    """Let the first of a subject stand in front where nothing does. There should be none."""
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "stranded"))
        stranded = cursor.fetchall()
    for lane, subject in stranded:
        log.error("delivery.stranded lane=%s", lane)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(named_sql(PACKAGE, "lock_lane"), {"lane": lane})
            cursor.execute(
                named_sql(PACKAGE, "promote_stranded"), {"lane": lane, "subject": subject}
            )


def purge_settled(now: datetime) -> None:
    """Empty the payload of what ended longer ago than its lane keeps; the receipt stays.

    What was refused and nobody has taken up is kept.
    """
    for lane in wired(LANES):
        before = now - timedelta(days=lane.retention_days)
        for _ in range(PURGE_BATCHES_MAX):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    named_sql(PACKAGE, "purge"),
                    {"lane": lane.name, "before": before, "count_max": PURGE_BATCH_COUNT},
                )
                if cursor.rowcount < PURGE_BATCH_COUNT:
                    break


SWEEPS_OF_DELIVERY = (
    ("delivery.release_expired", 0.5, release_expired),
    ("delivery.count_depth", 5.0, count_depth),
    ("delivery.promote_stranded", 300.0, promote_stranded),
    ("delivery.purge_settled", 3600.0, purge_settled),
)
"""Name, every so many seconds, what: for the watch process."""

_ran_at: dict[str, datetime] = {}


def sweep(now: datetime) -> None:
    """Do those that are due in this process; may be called every second."""
    for name, every_s, run in SWEEPS_OF_DELIVERY:
        last = _ran_at.get(name)
        if last is None or abs((now - last).total_seconds()) >= every_s:
            _ran_at[name] = now
            run(now)
