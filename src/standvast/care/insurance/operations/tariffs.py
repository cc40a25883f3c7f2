"""What programmes pay is set, and taken back before it counts. Nothing that was set is changed.

Lines that went keep their amount; the others take the new one when they are judged again.
"""

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from standvast.care.insurance.models import Tariff
from standvast.care.insurance.rules.programmes import check_done_in, check_programme
from standvast.care.insurance.rules.tariffs import (
    ROWS_MAX,
    Standing,
    TooManyTariffs,
    check_not_counted,
    check_tariff,
)
from standvast.core.journal.api import Entry, entry_of, record_many
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked

KIND = "insurance.tariff"


class TariffNotFound(NotFound):
    """No such tariff."""

    code = "insurance.tariff_not_found"


class TariffJustSet(Refused):
    """Somebody else set an amount for the same day at this moment."""

    code = "insurance.tariff_just_set"


@transaction.atomic(durable=True)
def set_tariff(
    *, actor: Actor, programme: str, activity: str, from_on: date, cents: int, now: datetime
) -> uuid.UUID:
    """Say what is paid from a day on; return the tariff. The same again changes nothing.

    Another amount for the same day takes the place of the one that stood; that stays as history.

    :raises NotInProgramme: if there is no such programme, or it has no such activity.
    :raises TariffDayNotPossible, AmountNotPossible: if it cannot be.
    :raises TooManyTariffs: if there are as many for this as are kept.
    :raises TariffJustSet: if somebody else did so at this moment.
    """
    if activity:
        check_done_in(programme, activity)
    check_programme(programme)
    check_tariff(from_on=from_on, cents=cents, today=timezone.localdate(now))
    same = Tariff.objects.filter(programme=programme, activity=activity)
    stood = same.select_for_update().filter(from_on=from_on, withdrawn_at__isnull=True).first()
    if stood is not None and stood.cents == cents:
        return stood.id
    if same.count() >= ROWS_MAX:
        raise TooManyTariffs(marked("There are too many amounts for this."))
    entries = [_withdrawn(stood, actor, now)] if stood is not None else []
    try:
        with transaction.atomic():
            made = Tariff.objects.create(
                programme=programme,
                activity=activity,
                from_on=from_on,
                cents=cents,
                person_id=actor.person_id,
                recorded_at=now,
            )
    except IntegrityError:
        raise TariffJustSet(
            marked("Somebody set an amount for this day just now. Look at it first.")
        ) from None
    record_many([*entries, _entry(actor, made, "C", "insurance.tariff_set", now)])
    return made.id


@transaction.atomic(durable=True)
def take_back_tariff(*, actor: Actor, tariff_id: uuid.UUID, now: datetime) -> None:
    """Take back an amount that does not count yet. Again changes nothing.

    :raises TariffNotFound: if there is none such.
    :raises TariffCounted: if it counts already, or did.
    """
    row = Tariff.objects.select_for_update().filter(id=tariff_id).first()
    if row is None:
        raise TariffNotFound(marked("There is no such tariff."))
    if row.withdrawn_at is not None:
        return
    check_not_counted(Standing(row.from_on), today=timezone.localdate(now))
    record_many([_withdrawn(row, actor, now)])


def _withdrawn(row: Tariff, actor: Actor, now: datetime) -> Entry:
    """Mark a row as history; return the line for the journal."""
    row.withdrawn_at, row.withdrawn_by = now, actor.person_id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return _entry(actor, row, "D", "insurance.tariff_taken_back", now)


def _entry(actor: Actor, row: Tariff, action: str, event: str, now: datetime) -> Entry:
    return entry_of(
        actor,
        at=now,
        action=action,
        event=event,
        record_kind=KIND,
        record_id=row.id,
        detail={
            "programme": row.programme,
            "activity": row.activity,
            "from": row.from_on.isoformat(),
            "cents": row.cents,
        },
    )
