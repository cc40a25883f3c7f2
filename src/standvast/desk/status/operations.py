"""Closing and reopening functions, telling people, putting away. One function, one transaction."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction

from standvast.core.delivery.api import publish
from standvast.core.journal.api import entry_of, record
from standvast.database.api import wake
from standvast.desk.status.models import Closure, Notice, PutAway
from standvast.desk.status.rules import (
    REASON_MAX,
    NoticeKind,
    check_audience,
    check_period,
    check_texts,
)
from standvast.desk.status.slots import FUNCTIONS
from standvast.events.desk import FunctionClosed, FunctionReopened
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound, Refused
from standvast.kit.wiring import wired
from standvast.kit.words import marked

CLOSURES = "status_closures"
NOTICES = "status_notices"
OPEN_MAX = 200


class FunctionUnknown(NotFound):
    """No module brings this function."""

    code = "status.function_unknown"


class ClosureNotFound(NotFound):
    """There is no such closure."""

    code = "status.closure_not_found"


class NoticeNotFound(NotFound):
    """There is no such notice."""

    code = "status.notice_not_found"


class AlreadyClosed(Refused):
    """The function is closed for everybody already."""

    code = "status.already_closed"


class AlreadyEnded(Refused):
    """It has ended; ending it again would change the record."""

    code = "status.already_ended"


class ReasonMissing(Invalid):
    """A closure says why, for the report."""

    code = "status.reason_missing"


class TooManyOpen(Refused):
    """More closures or notices at once than anybody could oversee."""

    code = "status.too_many_open"


class CannotPutAway(Refused):
    """Outages and maintenance stay in sight; only known problems can be put away."""

    code = "status.cannot_put_away"


@transaction.atomic(durable=True)
def close_function(
    *,
    function: str,
    organisation_ids: Collection[uuid.UUID] | None,
    texts: Mapping[str, str],
    reason: str,
    actor: Actor,
    now: datetime,
    until_at: datetime | None = None,
    incident_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Close a function for all (None) or some organisations; return the closure's id.

    Effective within two seconds on open screens.

    :raises FunctionUnknown: if no module brings it.
    :raises TextMissing, TextTooLong, ReasonMissing: if it does not say enough, or too much.
    :raises AudienceNotRight, PeriodNotRight: if it would be for nobody or never.
    :raises AlreadyClosed: if it is closed for everybody already.
    :raises TooManyOpen: past 200 at once.
    """
    if function not in {known.slug for known in wired(FUNCTIONS)}:
        raise FunctionUnknown(marked("There is no such function."))
    kept = check_texts(texts)
    check_audience(organisation_ids)
    check_period(now, until_at)
    if not reason.strip():
        raise ReasonMissing(marked("Write why it is closed; the report asks for it."))
    _one_at_a_time(function)
    open_now = Closure.objects.filter(ended_at__isnull=True).exclude(until_at__lte=now)
    if open_now.filter(function=function, for_all=True).exists():
        raise AlreadyClosed(marked("This function is closed for everybody already."))
    _check_room(open_now.count())

    row = Closure.objects.create(
        function=function,
        for_all=organisation_ids is None,
        organisation_ids=sorted(set(organisation_ids or ())),
        text_nl=kept["nl"],
        text_fr=kept["fr"],
        text_en=kept["en"],
        reason=reason.strip()[:REASON_MAX],
        from_at=now,
        until_at=until_at,
        incident_id=incident_id,
        created_at=now,
        created_by=actor.person_id,
    )
    _journal(
        actor,
        now,
        "C",
        "status.function_closed",
        row.id,
        {"function": function, "organisations": len(row.organisation_ids)},
    )
    publish(FunctionClosed(row.id, function, incident_id, now), now=now)
    wake(CLOSURES, str(row.id))
    return row.id


@transaction.atomic(durable=True)
def reopen_function(*, closure_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End a closure.

    :raises ClosureNotFound: if there is none of this id.
    :raises AlreadyEnded: if it has ended.
    """
    row = Closure.objects.select_for_update().filter(id=closure_id).first()
    if row is None:
        raise ClosureNotFound(marked("There is no such closure."))
    _check_open(row.ended_at, row.until_at, now)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _journal(actor, now, "U", "status.function_reopened", row.id, {"function": row.function})
    publish(FunctionReopened(row.id, row.function, now), now=now)
    wake(CLOSURES, str(row.id))


@transaction.atomic(durable=True)
def publish_notice(
    *,
    kind: NoticeKind,
    components: Collection[str],
    organisation_ids: Collection[uuid.UUID] | None,
    texts: Mapping[str, str],
    actor: Actor,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    incident_id: uuid.UUID | None = None,
    approved_by: uuid.UUID | None = None,
) -> uuid.UUID:
    """Tell all (None) or some organisations something; return the notice's id.

    :raises TextMissing, TextTooLong: if it does not say enough, or too much.
    :raises AudienceNotRight, PeriodNotRight: if it would be for nobody or never.
    :raises TooManyOpen: past 200 at once.
    """
    kept = check_texts(texts)
    check_audience(organisation_ids)
    starts_at = from_at or now
    check_period(max(starts_at, now), until_at)
    _check_room(Notice.objects.filter(ended_at__isnull=True).exclude(until_at__lte=now).count())
    row = Notice.objects.create(
        kind=kind.value,
        components=sorted(set(components)),
        for_all=organisation_ids is None,
        organisation_ids=sorted(set(organisation_ids or ())),
        text_nl=kept["nl"],
        text_fr=kept["fr"],
        text_en=kept["en"],
        from_at=starts_at,
        until_at=until_at,
        incident_id=incident_id,
        created_at=now,
        created_by=actor.person_id,
        approved_by=approved_by or actor.person_id,
    )
    _journal(
        actor,
        now,
        "C",
        "status.notice_published",
        row.id,
        {"kind": kind.value, "organisations": len(row.organisation_ids)},
    )
    wake(NOTICES, str(row.id))
    return row.id


@transaction.atomic(durable=True)
def end_notice(*, notice_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End a notice: it leaves every screen.

    :raises NoticeNotFound: if there is none of this id.
    :raises AlreadyEnded: if it has ended.
    """
    row = Notice.objects.select_for_update().filter(id=notice_id).first()
    if row is None:
        raise NoticeNotFound(marked("There is no such notice."))
    _check_open(row.ended_at, row.until_at, now)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _journal(actor, now, "U", "status.notice_ended", row.id, {"kind": row.kind})
    wake(NOTICES, str(row.id))


@transaction.atomic(durable=True)
def put_away(*, notice_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Put a known problem out of this person's sight. Repeats change nothing.

    :raises NoticeNotFound: if it is not for this person's organisation.
    :raises CannotPutAway: if it is an outage, maintenance or release.
    """
    row = Notice.objects.filter(id=notice_id).first()
    if row is None or not (row.for_all or actor.organisation_id in row.organisation_ids):
        raise NoticeNotFound(marked("There is no such notice."))
    if row.kind != NoticeKind.KNOWN_PROBLEM or actor.person_id is None:
        raise CannotPutAway(marked("Only a known problem can be put away."))
    PutAway.objects.bulk_create(
        [PutAway(notice_id=notice_id, person_id=actor.person_id, at=now)], ignore_conflicts=True
    )


def _journal(
    actor: Actor,
    now: datetime,
    action: str,
    event: str,
    record_id: uuid.UUID,
    detail: Mapping[str, str | int],
) -> None:
    kind = "status.closure" if "function" in event else "status.notice"
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind=kind,
            record_id=record_id,
            detail=detail,
        )
    )


def _one_at_a_time(function: str) -> None:
    """Two operators who close the same function at once come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"status.close {function}"])


def _check_open(ended_at: datetime | None, until_at: datetime | None, now: datetime) -> None:
    if ended_at is not None or (until_at is not None and until_at <= now):
        raise AlreadyEnded(marked("This has ended already."))


def _check_room(open_count: int) -> None:
    if open_count >= OPEN_MAX:
        raise TooManyOpen(marked("{most} are open at once already; end some first."), most=OPEN_MAX)
