"""Who is on duty: adding and ending duties, and whether somebody can be reached."""

import uuid
from datetime import datetime, timedelta

from standvast.core.journal.api import entry_of, record
from standvast.desk.incidents.models import Duty
from standvast.desk.incidents.models.duty import DUTY_ROLES
from standvast.desk.incidents.records import atomic
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound
from standvast.kit.words import marked
from standvast.registry.access.api import staff_of

DUTY_LENGTH_MAX = timedelta(days=31)


class DutyNotRight(Invalid):
    """The duty has no length, is too long, or is not for a colleague of the desk."""

    code = "incidents.duty_not_right"


class DutyNotFound(NotFound):
    """There is no such duty."""

    code = "incidents.duty_not_found"


@atomic
def add_duty(
    *,
    role: str,
    person_id: uuid.UUID,
    address: str,
    from_at: datetime,
    until_at: datetime,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Give a colleague of the desk a duty. Where two overlap, the one that began last counts.

    :raises DutyNotRight: saying what is not right.
    """
    if role not in DUTY_ROLES:
        raise DutyNotRight(marked("Choose a role from the list."))
    if not from_at < until_at <= from_at + DUTY_LENGTH_MAX:
        raise DutyNotRight(marked("A duty ends after it begins, within 31 days."))
    colleagues = {colleague.person_id for colleague in staff_of(actor.organisation_id, now=now)}
    if person_id not in colleagues:
        raise DutyNotRight(marked("Choose a colleague of the desk."))
    duty = Duty.objects.create(
        role=role, person_id=person_id, address=address, from_at=from_at, until_at=until_at
    )
    _journal(duty.id, actor, event="duty_added", action="C", now=now)
    return duty.id


@atomic
def end_duty(*, duty_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """End a duty now; one that has not begun is taken away.

    :raises DutyNotFound: if there is no such duty that still runs.
    """
    duty = Duty.objects.select_for_update().filter(id=duty_id, until_at__gt=now).first()
    if duty is None:
        raise DutyNotFound(marked("There is no such duty, or it has ended."))
    if duty.from_at >= now:
        duty.delete()
    else:
        duty.until_at = now
        duty.save(update_fields=["until_at"])
    _journal(duty_id, actor, event="duty_ended", action="D", now=now)


def _journal(duty_id: uuid.UUID, actor: Actor, *, event: str, action: str, now: datetime) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"incidents.{event}",
            record_kind="duty",
            record_id=duty_id,
        )
    )
