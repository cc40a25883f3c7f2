"""What was and is closed and told, for the desk's pages, the report and the history."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from standvast.desk.status.history import Window
from standvast.desk.status.models import Closure, Notice, PutAway, Told
from standvast.desk.status.rules import NoticeKind, is_on

ROWS_MAX = 200


@dataclass(frozen=True)
class ClosureRow:
    """A closure with its whole life."""

    id: uuid.UUID
    function: str
    organisations_count: int | None
    """None: for all."""
    texts: Mapping[str, str]
    reason: str
    from_at: datetime
    until_at: datetime | None
    ended_at: datetime | None
    incident_id: uuid.UUID | None
    is_on: bool


@dataclass(frozen=True)
class NoticeRow:
    """A notice with its whole life."""

    id: uuid.UUID
    kind: str
    components: tuple[str, ...]
    organisations_count: int | None
    texts: Mapping[str, str]
    from_at: datetime
    until_at: datetime | None
    ended_at: datetime | None
    incident_id: uuid.UUID | None
    approved_by: uuid.UUID | None
    is_on: bool


def closure_rows(now: datetime, *, incident_id: uuid.UUID | None = None) -> tuple[ClosureRow, ...]:
    """Return the latest 200 closures, open ones first."""
    rows = Closure.objects.order_by(F("ended_at").desc(nulls_first=True), "-created_at")
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    return tuple(
        ClosureRow(
            row.id,
            row.function,
            None if row.for_all else len(row.organisation_ids),
            texts_of(row),
            row.reason,
            row.from_at,
            row.until_at,
            row.ended_at,
            row.incident_id,
            row.ended_at is None and is_on(row.from_at, row.until_at, now),
        )
        for row in rows[:ROWS_MAX]
    )


def closure_reason(closure_id: uuid.UUID) -> str:
    """Return why a function was closed, in the words of whoever closed it."""
    return Closure.objects.values_list("reason", flat=True).get(id=closure_id)


def notice_rows(now: datetime, *, incident_id: uuid.UUID | None = None) -> tuple[NoticeRow, ...]:
    """Return the latest 200 notices, open ones first."""
    rows = Notice.objects.order_by(F("ended_at").desc(nulls_first=True), "-created_at")
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    return tuple(
        NoticeRow(
            row.id,
            row.kind,
            tuple(row.components),
            None if row.for_all else len(row.organisation_ids),
            texts_of(row),
            row.from_at,
            row.until_at,
            row.ended_at,
            row.incident_id,
            row.approved_by,
            row.ended_at is None and is_on(row.from_at, row.until_at, now),
        )
        for row in rows[:ROWS_MAX]
    )


def notice_for(notice_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> NoticeRow | None:
    """Return one notice if it is for this organisation."""
    mine = Q(for_all=True) | Q(organisation_ids__contains=[organisation_id])
    row = Notice.objects.filter(mine, id=notice_id).first()
    if row is None:
        return None
    return NoticeRow(
        row.id,
        row.kind,
        tuple(row.components),
        None,
        texts_of(row),
        row.from_at,
        row.until_at,
        row.ended_at,
        row.incident_id,
        row.approved_by,
        row.ended_at is None and is_on(row.from_at, row.until_at, now),
    )


def put_away_ids(person_id: uuid.UUID, notice_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return which of these notices this person put away."""
    rows = PutAway.objects.filter(person_id=person_id, notice_id__in=notice_ids)
    return frozenset(rows.values_list("notice_id", flat=True))


def maintenance_windows(from_: datetime, until: datetime) -> dict[str, list[Window]]:
    """Return per component when there was announced maintenance in a period."""
    rows = Notice.objects.filter(kind=NoticeKind.MAINTENANCE.value, from_at__lt=until)
    rows = rows.exclude(until_at__lte=from_).exclude(ended_at__lte=from_)
    found: dict[str, list[Window]] = {}
    for row in rows.order_by("from_at")[:ROWS_MAX]:
        end = min(row.until_at or until, row.ended_at or until, until)
        for slug in row.components:
            if row.from_at < end:
                found.setdefault(slug, []).append((row.from_at, end))
    return found


def texts_of(row: Told) -> dict[str, str]:
    """Return a row's texts by language."""
    return {"nl": row.text_nl, "fr": row.text_fr, "en": row.text_en}
