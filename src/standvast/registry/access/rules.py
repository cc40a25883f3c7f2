"""Roles, rights, and which role fits which organisation. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from standvast.kit.actor import Actor
from standvast.kit.errors import Gone, Invalid
from standvast.kit.words import marked
from standvast.registry.organisations.api import Kind

INVITATION_DAYS = 14


class Role(StrEnum):
    """What a person is in an organisation. One role per organisation at a time."""

    GP = "gp"
    ASSISTANT = "assistant"
    PHARMACIST = "pharmacist"
    OFFICE = "office"
    OPERATOR = "operator"
    OPERATOR_LEAD = "operator_lead"
    SUPPLIER = "supplier"
    CARE_MANAGER = "care_manager"


ROLE_TITLES: Mapping[Role, str] = {
    Role.GP: marked("GP"),
    Role.ASSISTANT: marked("assistant"),
    Role.PHARMACIST: marked("pharmacist"),
    Role.OFFICE: marked("programme office"),
    Role.OPERATOR: marked("operator"),
    Role.OPERATOR_LEAD: marked("lead operator"),
    Role.SUPPLIER: marked("supplier"),
    Role.CARE_MANAGER: marked("care manager"),
}

ROLES_BY_KIND: Mapping[Kind, tuple[Role, ...]] = {
    Kind.PRACTICE: (Role.GP, Role.ASSISTANT),
    Kind.POST: (Role.GP, Role.ASSISTANT),
    Kind.PHARMACY: (Role.PHARMACIST, Role.ASSISTANT),
    Kind.HOSPITAL: (Role.CARE_MANAGER, Role.ASSISTANT),
    Kind.CARE: (Role.CARE_MANAGER, Role.ASSISTANT),
    Kind.SUPPLIER: (Role.SUPPLIER,),
    Kind.OFFICE: (Role.OFFICE,),
    Kind.PLATFORM: (Role.OPERATOR_LEAD, Role.OPERATOR),
}
"""The first role of each kind answers for the staff of its organisation."""

HELPED_AS: Mapping[Kind, Role] = {
    Kind.PRACTICE: Role.ASSISTANT,
    Kind.POST: Role.ASSISTANT,
    Kind.PHARMACY: Role.ASSISTANT,
}
"""While the programme office helps by phone, it may do what this role may do there."""


class Grant(StrEnum):
    """What an organisation gives one of its people, or withholds, whatever the role."""

    FINANCIAL = "financial"
    PATIENT_DATA = "patient_data"


GRANT_TITLES: Mapping[Grant, str] = {
    Grant.FINANCIAL: marked("the financial role"),
    Grant.PATIENT_DATA: marked("patient data"),
}


@dataclass(frozen=True)
class Right:
    """One thing that some roles may do; declared by the module whose pages need it."""

    name: str
    """`module.verb`, such as `campaigns.order`."""
    roles: frozenset[Role]
    title: str
    """Marked: completes "You may not ..." and "Ask who may ..."."""
    is_lent: bool = True
    """Who helps an organisation by phone may do it there as well. Not where patients are seen."""
    grant: Grant | None = None
    """With this grant a colleague has it too; who has that withheld has it no longer."""
    is_granted_only: bool = False
    """The role alone does not give it: only who was given the grant has it. Where none of `roles`
    works it is not given at all; the first of them at an organisation is given it on coming."""
    records: frozenset[str] = frozenset()
    """Kinds of record of one patient or person that it opens, for the layer `record`."""
    is_breakable: bool = False
    """Who lacks it may break the glass in an emergency, with a reason, for a while."""
    was: str = ""
    """The name it had in the build before, so that a release sees who would lose it."""


class RoleDoesNotFit(Invalid):
    """This kind of organisation has no such role."""

    code = "access.role_does_not_fit"


class InvitationOver(Gone):
    """The invitation was used, withdrawn or its time has passed."""

    code = "access.invitation_over"


def check_role_fits(kind: Kind, role: Role) -> None:
    """Pass if an organisation of this kind has this role.

    :raises RoleDoesNotFit: if not.
    """
    if role not in ROLES_BY_KIND[kind]:
        raise RoleDoesNotFit(marked("An organisation of this kind does not have that role."))


def effective_role(actor: Actor) -> Role:
    """Return the role whose rights count: while helping, the helped one's."""
    return Role.ASSISTANT if actor.helping_from is not None else Role(actor.role)


def invitation_expires_at(now: datetime) -> datetime:
    """Return until when an invitation made now may be accepted."""
    return now + timedelta(days=INVITATION_DAYS)


def check_invitation_open(
    *,
    expires_at: datetime,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    now: datetime,
) -> None:
    """Pass if an invitation can still be accepted.

    :raises InvitationOver: if it was used or withdrawn, or its time has passed.
    """
    if accepted_at is not None:
        raise InvitationOver(marked("This invitation has been used. Sign in with your new name."))
    if withdrawn_at is not None:
        raise InvitationOver(marked("This invitation was withdrawn. Ask who invited you."))
    if now >= expires_at:
        raise InvitationOver(marked("This invitation is too old. Ask for a new one."))
