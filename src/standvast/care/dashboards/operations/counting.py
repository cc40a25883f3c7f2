"""Count an organisation anew: at most once a day, in bounded time, and keep what was known if not.

What others bring to the slot may break in any way. Only the dashboard is to feel it: the one place
below this floor's outermost loop that catches everything, decision 0025.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from standvast.care.dashboards.declared import SOURCES
from standvast.care.dashboards.models import Count, Counting
from standvast.care.dashboards.queries import check_own
from standvast.care.dashboards.rules.cells import Cell, Window, window_at
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy
from standvast.kit.wiring import wired
from standvast.kit.words import marked

log = logging.getLogger(__name__)

COUNT_S_MAX = 3.0
CELLS_MAX = 20_000
BATCH = 2_000
AGAIN_AFTER = timedelta(minutes=15)
"""Somebody who asks for a new count gets one if the last is older than this."""
BROKEN_FOR = timedelta(seconds=60)
"""After an attempt that came to nothing, nobody is made to wait for another so soon."""


class CountedLately(Busy):
    """The last count is a few minutes old."""

    code = "dashboards.counted_lately"


def keep_counted(*, organisation_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """Count those that were not counted today; one transaction each. Never raises for a source."""
    wanted = list(organisation_ids)
    known = Counting.objects.in_bulk(wanted)
    for organisation_id in wanted:
        if _is_due(known.get(organisation_id), now):
            count_organisation(organisation_id=organisation_id, now=now)


def count_again(*, actor: Actor, organisation_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """Count one's own organisations anew because somebody asks for it.

    :raises NotYours: if one of them is not their own.
    :raises CountedLately: if the last count is younger than a quarter of an hour.
    """
    own = check_own(actor, frozenset(organisation_ids))
    for one in own:
        row = Counting.objects.filter(organisation_id=one.actor.organisation_id).first()
        at = max(filter(None, (row.counted_at, row.tried_at)), default=None) if row else None
        if at is not None and now - at < AGAIN_AFTER:
            wait_s = int((at + AGAIN_AFTER - now).total_seconds()) + 1
            raise CountedLately(
                marked("The last count is a few minutes old. Ask again in {minutes} minutes."),
                retry_after_s=wait_s,
                minutes=-(-wait_s // 60),
            )
    for one in own:
        count_organisation(organisation_id=one.actor.organisation_id, now=now)


@transaction.atomic(durable=True)
def count_organisation(*, organisation_id: uuid.UUID, now: datetime) -> bool:
    """Count one organisation and replace what was known; whether it came to something.

    Locks the organisation's counting; while somebody else holds it, nothing is done: theirs counts.
    """
    Counting.objects.bulk_create([Counting(organisation_id=organisation_id)], ignore_conflicts=True)
    row = (
        Counting.objects.select_for_update(skip_locked=True)
        .filter(organisation_id=organisation_id)
        .first()
    )
    if row is None:
        return False
    window = window_at(timezone.localdate(now))
    row.tried_at = now
    try:
        with transaction.atomic():
            cells = _asked(organisation_id, window)
            _replace(organisation_id, cells)
    except Exception:
        log.exception("dashboards_not_counted")
        row.is_broken = True
    else:
        row.is_broken, row.counted_at = False, now
    row.save(update_fields=["tried_at", "is_broken", "counted_at"])
    return not row.is_broken


def _is_due(row: Counting | None, now: datetime) -> bool:
    if row is None:
        return True
    if row.is_broken and row.tried_at is not None and now - row.tried_at < BROKEN_FOR:
        return False
    return row.counted_at is None or timezone.localdate(row.counted_at) < timezone.localdate(now)


def _asked(organisation_id: uuid.UUID, window: Window) -> Sequence[Cell]:
    """Return what the sources count, each statement within its time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true)", [str(int(COUNT_S_MAX * 1_000))]
        )
    cells = [cell for source in wired(SOURCES) for cell in source.count(organisation_id, window)]
    assert len(cells) <= CELLS_MAX, "a source counts more than a dashboard can show"
    assert all(cell.organisation_id == organisation_id for cell in cells), "somebody else's"
    return cells


def _replace(organisation_id: uuid.UUID, cells: Sequence[Cell]) -> None:
    Count.objects.of_organisations([organisation_id]).delete()
    Count.objects.bulk_create(
        [
            Count(
                organisation_id=organisation_id,
                measure=cell.measure.value,
                programme=cell.programme,
                path="/".join(cell.path),
                from_on=cell.from_on,
                until_on=cell.until_on,
                count=cell.count,
                people=cell.people,
            )
            for cell in cells
        ],
        batch_size=BATCH,
    )
