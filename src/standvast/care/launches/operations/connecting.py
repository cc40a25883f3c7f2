"""Somebody who clicked in another system is found to be a person here: once, by themselves."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.care.launches.models import Link
from standvast.care.launches.operations.arriving import KIND
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked


class NothingToConnect(NotFound):
    """Nobody came here by a launch in this session."""

    code = "launches.nothing_to_connect"


class WorksElsewhere(Refused):
    """The person does not work for the organisation that the launch names."""

    code = "launches.works_elsewhere"


@transaction.atomic(durable=True)
def connect(*, actor: Actor, link_id: uuid.UUID, now: datetime) -> None:
    """Let the actor's launches from that system end in their own account from now on.

    Safe to repeat. A user of that system who is somebody already stays that person.

    :raises NothingToConnect: if there is no such user.
    :raises WorksElsewhere: if it is a user of an organisation the actor does not work for now.
    """
    link = Link.objects.select_for_update(no_key=True).filter(id=link_id).first()
    if link is None or link.person_id not in (None, actor.person_id):
        raise NothingToConnect(marked("Go back to your own system and click once more."))
    if link.organisation_id != actor.organisation_id:
        raise WorksElsewhere(
            marked("You clicked for another organisation than the one you work for here now.")
        )
    link.person_id = actor.person_id
    link.save(update_fields=["person"])
    record(
        entry_of(
            actor,
            at=now,
            action="U",
            event="launches.connected",
            record_kind=KIND,
            record_id=link.system_id,
            detail={},
        )
    )
