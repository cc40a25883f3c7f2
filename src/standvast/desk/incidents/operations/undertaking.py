"""Undertakings: a next update said aloud, warned of, settled, or missed."""

import uuid
from datetime import datetime

from django.utils import timezone

from standvast.desk.incidents.models import Undertaking
from standvast.desk.incidents.records import (
    as_written,
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.texts import check_text
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound
from standvast.kit.words import marked


class DueInThePast(Invalid):
    """A next update can only be promised for later."""

    code = "incidents.due_in_the_past"


class UndertakingNotFound(NotFound):
    """There is no such undertaking, or it was settled."""

    code = "incidents.undertaking_not_found"


@atomic
def undertake(
    *, incident_id: uuid.UUID, to: str, due_at: datetime, actor: Actor, now: datetime
) -> uuid.UUID:
    """Say aloud when the next news comes; it beats the rhythm, both ways.

    :raises IncidentNotFound: if there is no such incident.
    :raises DueInThePast: if that moment has passed.
    :raises TextMissing, TextTooLong: if it does not say to whom.
    """
    incident = locked(incident_id)
    if due_at <= now:
        raise DueInThePast(marked("Choose a moment that is still to come."))
    incident.undertakings.filter(settled_at=None, by_rhythm=True).update(settled_at=now)
    row = Undertaking.objects.create(
        incident=incident,
        to=check_text(to, chars_max=120),
        due_at=due_at,
        said_at=now,
        said_by=actor.person_id,
    )
    local = timezone.localtime(due_at)
    write_entry(
        incident,
        EntryKind.UNDERTAKING,
        texts_of(
            marked("Next news for {to} before {time}."), to=row.to, time=f"{local:%d-%m-%Y %H:%M}"
        ),
        now=now,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="undertaken", action="C", now=now)
    return row.id


@atomic
def settle_undertaking(*, undertaking_id: uuid.UUID, how: str, actor: Actor, now: datetime) -> None:
    """Write down that the promised news was given; early counts.

    :raises UndertakingNotFound: if there is none open.
    :raises TextMissing, TextTooLong: if it does not say how.
    """
    row = Undertaking.objects.select_for_update().filter(id=undertaking_id, settled_at=None).first()
    if row is None:
        raise UndertakingNotFound(marked("There is no such undertaking, or it was settled."))
    incident = locked(row.incident_id)
    row.settled_at, row.how = now, check_text(how, chars_max=400)
    row.save(update_fields=["settled_at", "how"])
    write_entry(
        incident,
        EntryKind.UNDERTAKING,
        as_written(row.how, actor.language),
        now=now,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="undertaking_settled", now=now)
