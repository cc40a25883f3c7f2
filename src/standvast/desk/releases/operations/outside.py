"""Somebody else changes something that we use."""

from datetime import datetime

from django.db import transaction

from standvast.desk.releases.models import NOTE_MAX, OutsideChange
from standvast.desk.releases.records import tell
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked


class OutsideIncomplete(Invalid):
    """A change of somebody else needs whose, what and where it was announced."""

    code = "releases.outside_incomplete"


@transaction.atomic(durable=True)
def add_outside_change(
    *, whose: str, what: str, at: datetime, source: str, actor: Actor, now: datetime
) -> None:
    """Put a change of somebody else on the calendar.

    :raises OutsideIncomplete: if something lacks.
    """
    if not (whose.strip() and what.strip() and source.strip()):
        raise OutsideIncomplete(marked("Say whose change it is, what it is and who told us."))
    row = OutsideChange.objects.create(
        whose=whose.strip()[:80],
        what=what.strip()[:NOTE_MAX],
        at=at,
        source=source.strip()[:200],
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    tell(str(row.id), actor, event="outside_change_added", now=now, action="C")
