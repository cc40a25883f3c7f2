"""Somebody else changes something that we use."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.desk.releases.models import NOTE_MAX, OutsideChange
from standvast.desk.releases.operations.showing import add_evidence
from standvast.desk.releases.queries.around import nearest_rows
from standvast.desk.releases.queries.releases import found
from standvast.desk.releases.records import tell
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import Evidence
from standvast.desk.releases.rules.road import Place
from standvast.desk.releases.rules.states import State, check_before_start
from standvast.desk.releases.slots import calendar
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

NAMED_MAX = 20


class OutsideIncomplete(Invalid):
    """A change of somebody else needs whose, what and where it was announced."""

    code = "releases.outside_incomplete"


@transaction.atomic(durable=True)
def add_outside_change(
    *, whose: str, what: str, at: datetime, source: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Put a change of somebody else on the calendar; return its id.

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
    return row.id


def look_at_calendar(*, version: str, actor: Actor, now: datetime) -> None:
    """Say that somebody looked at what others change around the planned time, and name it.

    What is announced afterwards asks for another look.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    """
    release = found(version)
    check_before_start(State(release.state))
    clashes = nearest_rows(release.planned_at)
    named = [f"{row.whose}, {row.at:%Y-%m-%d %H:%M} UTC" for row in clashes]
    add_evidence(
        evidence=Evidence(
            gate="outside",
            digest=release.digest,
            result=Result.OK,
            at=now,
            environment=Place.PRODUCTION.value,
            figures={
                "day": calendar().day_of(release.planned_at),
                "clashes": len(clashes),
                "named": named[:NAMED_MAX],
            },
            sentence="; ".join(named)[:NOTE_MAX],
        ),
        actor=actor,
        now=now,
    )
