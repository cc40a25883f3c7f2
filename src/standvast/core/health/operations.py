"""What changes in health outside the leading watch's own connection."""

import hmac
import logging
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from standvast.core.health.declared import HEARERS, FindingView
from standvast.core.health.models import Finding, Heartbeat
from standvast.core.health.queries import finding_view
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked

HEAR_MAX = 50
RAW_DAYS = 35
HOURS_DAYS = 25 * 31
PULSE_DAYS = 2
PURGE_BATCH = 5_000
PURGE_BATCHES_MAX = 40

log = logging.getLogger(__name__)


class HeartbeatUnknown(NotFound):
    """No heartbeat of this name is expected."""

    code = "health.heartbeat_unknown"


def heartbeat_secret(name: str) -> str:
    """Return the unguessable part of a heartbeat's address."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"health.heartbeat:{name}".encode(), sha256).hexdigest()[:40]


@transaction.atomic(durable=True)
def record_heartbeat(*, name: str, now: datetime) -> None:
    """Write down that what should happen did.

    :raises HeartbeatUnknown: if no probe of kind heartbeat waits for this name.
    """
    from standvast.core.health.probes.heartbeat import heartbeat_names

    if name not in heartbeat_names():
        raise HeartbeatUnknown(marked("Nobody waits for this heartbeat."))
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def hear_findings(now: datetime) -> int:
    """Tell the hearers what opened, was freed or ended and was not told yet.

    Each hearer has its own transaction; a finding counts as heard when all have taken it, so a
    repeat is possible and harmless. One hearer that fails never keeps it from the others.
    Returns how many are still unheard.
    """
    rows = list(
        Finding.objects.raw(
            "SELECT * FROM health_finding WHERE NOT heard_open"
            " OR (NOT heard_end AND ended_at IS NOT NULL) ORDER BY opened_at, id LIMIT %s",
            [HEAR_MAX],
        )
    )
    left_count = 0
    for row in rows:
        view = finding_view(row)
        if not row.heard_open and not _tell(_as_open(view), now):
            left_count += 1
            continue
        ended = row.ended_at is not None
        heard_end = ended and _tell(view, now)
        left_count += ended and not heard_end
        # `below` is part of the filter: freed while we spoke means told again.
        Finding.objects.filter(id=row.id, below=row.below).update(
            heard_open=True, heard_end=heard_end
        )
    return left_count


def _as_open(view: FindingView) -> FindingView:
    from dataclasses import replace

    return replace(view, ended_at=None)


def _tell(view: FindingView, now: datetime) -> bool:
    all_heard = True
    for hearer in wired(HEARERS):
        try:
            hearer(view, now)
        except Exception:
            log.exception("health.hearer_failed finding=%s", view.id)
            all_heard = False
    return all_heard


def purge(now: datetime) -> int:
    """Delete what is past its time, in batches; the rest follows at the next sweep."""
    gone_count = 0
    for table, column, days in (
        ("health_observation", "at", RAW_DAYS),
        ("health_hour", "hour", HOURS_DAYS),
        ("health_finding", "ended_at", HOURS_DAYS),
        ("health_pulse", "at", PULSE_DAYS),
    ):
        before = now - timedelta(days=days)
        for _ in range(PURGE_BATCHES_MAX):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("
                    f"SELECT ctid FROM {table} WHERE {column} < %s LIMIT %s))",
                    [before, PURGE_BATCH],
                )
                gone_count += cursor.rowcount
                if cursor.rowcount < PURGE_BATCH:
                    break
    return gone_count
