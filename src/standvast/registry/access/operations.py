"""What happens to memberships. One function, one transaction, one line in the journal."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import entry_of, record
from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.access.models import Membership
from standvast.registry.access.rules import ROLES_BY_KIND, Role, check_role_fits
from standvast.registry.access.sessions import CHANNEL
from standvast.registry.organisations.api import Kind, organisation_view


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
    wake(CHANNEL, str(person_id))
    record(
        entry_of(
            actor,
            at=now,
            action="C",
            event="access.role_granted",
            record_kind="person",
            record_id=str(person_id),
            detail={"role": role.value},
        )
    )
    return membership.id


@transaction.atomic(durable=True)
def end_membership(*, actor: Actor, membership_id: uuid.UUID, now: datetime) -> None:
    """End a colleague's membership now; felt everywhere within a second.

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
    if _answers(kind, ending) and sum(_answers(kind, one) for one in open_ones) == 1:
        raise LastOneAnswering(
            marked("This is the last one here who can invite colleagues. Invite another first.")
        )
    ending.held_until = now
    ending.save(update_fields=["held_until"])
    wake(CHANNEL, str(ending.person_id))
    record(
        entry_of(
            actor,
            at=now,
            action="D",
            event="access.role_ended",
            record_kind="person",
            record_id=str(ending.person_id),
            detail={"role": ending.role},
        )
    )


def _answers(kind: Kind, membership: Membership) -> bool:
    """Whether this membership's role answers for the staff of such an organisation."""
    return membership.role == ROLES_BY_KIND[kind][0].value
