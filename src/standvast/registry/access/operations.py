"""What happens to memberships. One function, one transaction, one line in the journal."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import entry_of, record, record_many
from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.contributions import LEAVES
from standvast.registry.access.models import Invitation, Membership
from standvast.registry.access.rules import ROLES_BY_KIND, Role, check_role_fits
from standvast.registry.access.ruling.operations.giving import end_holdings, give_first
from standvast.registry.access.sessions import CHANNEL
from standvast.registry.organisations.api import Kind, organisation_view
from standvast.registry.people.api import end_every_session


class AlreadyThere(Refused):
    """The person already works for this organisation."""

    code = "access.already_there"


class MembershipNotFound(NotFound):
    """No such open membership in this organisation."""

    code = "access.membership_not_found"


class LastOneAnswering(Refused):
    """Nobody would be left who answers for the staff."""

    code = "access.last_one_answering"


def grant_role(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    role: Role,
    now: datetime,
    held_until: datetime | None = None,
) -> uuid.UUID:
    """Let a person work for an organisation; inside the caller's transaction.

    They begin with nothing that they held there before; the first whose role needs a grant has it.

    :raises RoleDoesNotFit: if this kind of organisation has no such role.
    :raises AlreadyThere: if the person works there already.
    """
    check_role_fits(organisation_view(organisation_id).kind, role)
    held = Membership.objects.select_for_update().of_organisation(organisation_id)
    if held.of_person(person_id).held_at(now).exists():
        raise AlreadyThere(marked("This person already works for this organisation."))
    membership = Membership.objects.create(
        person_id=person_id,
        organisation_id=organisation_id,
        role=role.value,
        held_from=now,
        held_until=held_until,
        granted_by_id=actor.person_id,
    )
    end_holdings(actor=actor, person_id=person_id, organisation_id=organisation_id, now=now)
    given = give_first(
        actor=actor, person_id=person_id, organisation_id=organisation_id, role=role, now=now
    )
    wake(CHANNEL, str(person_id))
    granted = entry_of(
        actor,
        at=now,
        action="C",
        event="access.role_granted",
        record_kind="person",
        record_id=str(person_id),
        detail={"role": role.value},
    )
    record_many([granted, *given])
    return membership.id


@transaction.atomic(durable=True)
def end_membership(*, actor: Actor, membership_id: uuid.UUID, now: datetime) -> None:
    """End a colleague's membership now, and all that hangs on it; felt within a second everywhere.

    Grants, exceptions, broken glass, what they asked for and the invitations they sent end with it;
    what else does is the slot `leaves`. Who works nowhere any more is signed out on every device:
    sign-in itself stays, so that they can be invited elsewhere.

    :raises MembershipNotFound: if the actor's organisation has no such open membership.
    :raises LastOneAnswering: if it is the last one with a role that answers for the staff.
    """
    open_ones = list(
        Membership.objects.select_for_update()
        .of_organisation(actor.organisation_id)
        .held_at(now)
        .order_by("id")
    )
    ending = next((one for one in open_ones if one.id == membership_id), None)
    if ending is None:
        raise MembershipNotFound(marked("This colleague does not work here any more."))
    kind = organisation_view(actor.organisation_id).kind
    if _answers(kind, ending) and not any(_stays(kind, one) for one in open_ones if one != ending):
        raise LastOneAnswering(
            marked("This is the last one here who can invite colleagues. Invite another first.")
        )
    ending.held_until = now
    ending.save(update_fields=["held_until"])
    whose = {"person_id": ending.person_id, "organisation_id": ending.organisation_id}
    end_holdings(actor=actor, now=now, **whose)
    withdrawn_count = (
        Invitation.objects.of_organisation(ending.organisation_id)
        .filter(invited_by_id=ending.person_id, accepted_at=None, withdrawn_at=None)
        .update(withdrawn_at=now)
    )
    wake(CHANNEL, str(ending.person_id))
    record(
        entry_of(
            actor,
            at=now,
            action="D",
            event="access.role_ended",
            record_kind="person",
            record_id=str(ending.person_id),
            detail={"role": ending.role, "invitations_withdrawn": withdrawn_count},
        )
    )
    for leave in wired(LEAVES):
        leave(now=now, **whose)
    if not Membership.objects.of_person(ending.person_id).held_at(now).exists():
        end_every_session(person_id=ending.person_id, address=actor.address, now=now)


def _answers(kind: Kind, membership: Membership) -> bool:
    """Whether this membership's role answers for the staff of such an organisation."""
    return membership.role == ROLES_BY_KIND[kind][0].value


def _stays(kind: Kind, membership: Membership) -> bool:
    """Whether somebody answers for the staff, and no end is set.

    Two who end each other at once: the one who waited may carry an instant from before the other's
    end, so that end alone says who is left.
    """
    return _answers(kind, membership) and membership.held_until is None
