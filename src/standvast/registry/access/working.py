"""For whom a person works in this session: choosing, and helping by phone. All journaled."""

import uuid
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from django.db import transaction

from standvast.core.journal.api import entry_of, record_many
from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rules import HELPED_AS
from standvast.registry.access.sessions import (
    CHANNEL,
    CHOSEN,
    HELPING,
    actor_from,
    helping_value,
)
from standvast.registry.organisations.api import OrganisationNotFound, organisation_view

Session = MutableMapping[str, Any]


class NotYours(NotFound):
    """The person does not work for that organisation."""

    code = "access.not_yours"


class CannotBeHelped(NotFound):
    """There is no such organisation that is helped by phone."""

    code = "access.cannot_be_helped"


@transaction.atomic(durable=True)
def work_for(
    *,
    session: Session,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    address: str,
    now: datetime,
) -> Actor:
    """Work for another of one's organisations from now on, in this session; ends helping.

    :raises NotYours: if the person does not work there now.
    """
    memberships = memberships_of(person_id)
    if organisation_id not in {one.organisation_id for one in memberships}:
        raise NotYours(marked("You do not work for that organisation."))
    session[CHOSEN] = str(organisation_id)
    session.pop(HELPING, None)
    actor = actor_from(
        session,
        person_id=person_id,
        language="nl",
        memberships=memberships,
        address=address,
        now=now,
    )
    assert actor is not None
    _record(actor, "access.organisation_chosen", organisation_id, now=now)
    return actor


@transaction.atomic(durable=True)
def start_helping(
    *, session: Session, actor: Actor, organisation_id: uuid.UUID, now: datetime
) -> None:
    """Act for an organisation on the telephone, for at most an hour; both journals tell it.

    :raises CannotBeHelped: if there is no such practice, post or pharmacy.
    """
    refusal = CannotBeHelped(marked("There is no such practice, post or pharmacy."))
    try:
        helped = organisation_view(organisation_id)
    except OrganisationNotFound:
        raise refusal from None
    if helped.kind not in HELPED_AS or not helped.is_active:
        raise refusal
    office_id = actor.helping_from or actor.organisation_id
    session[HELPING] = helping_value(organisation_id, now=now, kind=helped.kind.value)
    helper = Actor(
        person_id=actor.person_id,
        organisation_id=organisation_id,
        role=actor.role,
        address=actor.address,
        helping_from=office_id,
        language=actor.language,
    )
    _record(helper, "access.help_started", organisation_id, now=now, also=actor)


@transaction.atomic(durable=True)
def stop_helping(*, session: Session, actor: Actor, now: datetime) -> None:
    """Act for one's own organisation again; nothing happens if nobody is being helped."""
    if session.pop(HELPING, None) is not None and actor.helping_from is not None:
        _record(actor, "access.help_ended", actor.organisation_id, now=now)


def _record(
    actor: Actor,
    event: str,
    organisation_id: uuid.UUID,
    *,
    now: datetime,
    also: Actor | None = None,
) -> None:
    """Tell it in the actor's journal, and in that of `also`."""
    wake(CHANNEL, str(actor.person_id))
    record_many(
        [
            entry_of(
                teller,
                at=now,
                action="E",
                event=event,
                record_kind="organisation",
                record_id=organisation_id,
            )
            for teller in (actor, also)
            if teller is not None
        ]
    )
