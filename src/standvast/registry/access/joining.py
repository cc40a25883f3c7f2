"""How people join: an invitation by mail, accepted with a name and a password of one's own."""

import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from standvast.core.delivery.api import enqueue_many
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy, NotFound
from standvast.kit.words import marked
from standvast.registry.access.models import Invitation, Membership
from standvast.registry.access.operations import AlreadyThere, grant_role
from standvast.registry.access.rules import (
    INVITATION_DAYS,
    ROLE_TITLES,
    Role,
    check_invitation_open,
    check_role_fits,
    invitation_expires_at,
)
from standvast.registry.organisations.api import OrganisationView, organisation_view
from standvast.registry.people.api import (
    Person,
    account_mail,
    as_login_name,
    person_by_login_name,
    register_person,
)

OPEN_INVITATIONS_MAX = 50


class InvitationNotFound(NotFound):
    """No such invitation."""

    code = "access.invitation_not_found"


class TooManyInvitations(Busy):
    """An organisation has many invitations open already."""

    code = "access.too_many_invitations"


@dataclass(frozen=True)
class Welcome:
    """What somebody who follows the link in an invitation is told."""

    invitation_id: uuid.UUID
    email: str
    role: Role
    organisation: OrganisationView
    is_known: bool
    """Whether the person has an account already, and only joins."""


def digest_of(token: str) -> str:
    """Return what we keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic(durable=True)
def invite(
    *,
    actor: Actor,
    email: str,
    role: Role,
    link_of: Callable[[str], str],
    now: datetime,
) -> uuid.UUID:
    """Invite somebody to the actor's organisation, by itself: see `invite_within`."""
    return invite_within(actor=actor, email=email, role=role, link_of=link_of, now=now)


def invite_within(
    *,
    actor: Actor,
    email: str,
    role: Role,
    link_of: Callable[[str], str],
    now: datetime,
) -> uuid.UUID:
    """Invite somebody, in the caller's transaction; a second invitation replaces the first.

    :raises RoleDoesNotFit: if this kind of organisation has no such role.
    :raises AlreadyThere: if the person works there already.
    :raises TooManyInvitations: past fifty open invitations.
    """
    assert connection.in_atomic_block
    assert actor.person_id is not None
    organisation = organisation_view(actor.organisation_id)
    check_role_fits(organisation.kind, role)
    email = as_login_name(email)
    _check_not_there(email, actor.organisation_id, now=now)
    mine = Invitation.objects.select_for_update().of_organisation(actor.organisation_id)
    mine.filter(email=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    if mine.open_at(now).count() >= OPEN_INVITATIONS_MAX:
        raise TooManyInvitations(
            marked("Fifty invitations are open. Withdraw some, or wait until they are accepted."),
            retry_after_s=3600,
        )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation_id=actor.organisation_id,
        email=email,
        role=role.value,
        language=actor.language,
        token_digest=digest_of(token),
        invited_by_id=actor.person_id,
        invited_at=now,
        expires_at=invitation_expires_at(now),
    )
    message = account_mail(
        "invitation",
        key=f"invitation:{invitation.id}",
        to=email,
        language=organisation.language,
        subject=marked("You are invited to Standvast"),
        context={
            "organisation": organisation.name,
            "role": ROLE_TITLES[role],
            "link": link_of(token),
            "days": INVITATION_DAYS,
        },
    )
    enqueue_many([message], now=now)
    _record(actor, "access.invited", "C", invitation, now=now)
    return invitation.id


def _check_not_there(email: str, organisation_id: uuid.UUID, *, now: datetime) -> None:
    person = person_by_login_name(email)
    if person is None:
        return
    held = Membership.objects.of_organisation(organisation_id).of_person(person.id)
    if held.held_at(now).exists():
        raise AlreadyThere(marked("This person already works for this organisation."))


@transaction.atomic(durable=True)
def withdraw_invitation(*, actor: Actor, invitation_id: uuid.UUID, now: datetime) -> None:
    """Withdraw an invitation of the actor's organisation; the link stops working.

    :raises InvitationNotFound: if it is not open.
    """
    mine = Invitation.objects.select_for_update().of_organisation(actor.organisation_id)
    invitation = mine.open_at(now).filter(id=invitation_id).first()
    if invitation is None:
        raise InvitationNotFound(marked("This invitation is not open any more."))
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    _record(actor, "access.invitation_withdrawn", "D", invitation, now=now)


def welcome_of(token: str, *, now: datetime) -> Welcome:
    """Return what an invitation offers.

    :raises InvitationNotFound: if the link is none of ours.
    :raises InvitationOver: if it was used or withdrawn, or its time has passed.
    """
    invitation = Invitation.objects.filter(token_digest=digest_of(token)).first()
    return _welcome(_checked(invitation, now=now))


def _checked(invitation: Invitation | None, *, now: datetime) -> Invitation:
    if invitation is None:
        raise InvitationNotFound(marked("This invitation does not exist. Check the link."))
    check_invitation_open(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        now=now,
    )
    return invitation


def _welcome(invitation: Invitation) -> Welcome:
    return Welcome(
        invitation_id=invitation.id,
        email=invitation.email,
        role=Role(invitation.role),
        organisation=organisation_view(invitation.organisation_id),
        is_known=person_by_login_name(invitation.email) is not None,
    )


@transaction.atomic(durable=True)
def accept_as_new_person(
    *, token: str, username: str, display_name: str, password: str, language: str, now: datetime
) -> uuid.UUID:
    """Accept an invitation as somebody new: the account and the membership, both or neither.

    Return the new person's id.

    :raises InvitationNotFound: if the link is none of ours.
    :raises InvitationOver: if it was used or withdrawn, or its time has passed.
    :raises UsernameNotRight: if the user name cannot be one.
    :raises LoginNameTaken: if the user name or the e-mail address is somebody's.
    """
    invitation = _locked(token, now=now)
    person = register_person(
        username=username,
        email=invitation.email,
        display_name=display_name,
        password=password,
        language=language,
    )
    _join(invitation, person, now=now)
    return person.id


@transaction.atomic(durable=True)
def accept_as_known_person(*, token: str, person_id: uuid.UUID, now: datetime) -> None:
    """Accept an invitation as somebody who is signed in, with the address that was invited.

    :raises InvitationNotFound: if the link is none of ours, or was for somebody else.
    :raises InvitationOver: if it was used or withdrawn, or its time has passed.
    :raises AlreadyThere: if the person works there already.
    """
    invitation = _locked(token, now=now)
    person = person_by_login_name(invitation.email)
    if person is None or person.id != person_id:
        raise InvitationNotFound(
            marked("This invitation is for somebody else. Sign out and follow the link again.")
        )
    _join(invitation, person, now=now)


def _locked(token: str, *, now: datetime) -> Invitation:
    locked = Invitation.objects.select_for_update().filter(token_digest=digest_of(token))
    return _checked(locked.first(), now=now)


def _join(invitation: Invitation, person: Person, *, now: datetime) -> None:
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    grant_role(
        actor=Actor(
            person_id=invitation.invited_by_id,
            organisation_id=invitation.organisation_id,
            role=invitation.role,
            language=person.language,
        ),
        person_id=person.id,
        organisation_id=invitation.organisation_id,
        role=Role(invitation.role),
        now=now,
    )


def _record(
    actor: Actor, event: str, action: str, invitation: Invitation, *, now: datetime
) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind="invitation",
            record_id=invitation.id,
            detail={"role": invitation.role},
        )
    )
