"""Reads: who works where."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from standvast.database.api import as_array, named_sql
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.models import Invitation, Membership, MembershipQuerySet
from standvast.registry.access.rules import ROLE_TITLES, Role
from standvast.registry.access.ruling.memory import notice
from standvast.registry.access.sessions import MembershipView, holders_of

PACKAGE = "standvast.registry.access"
STAFF_MAX = 200


class ColleagueNotFound(NotFound):
    """Nobody works here under this membership."""

    code = "access.colleague_not_found"


def memberships_of(person_id: uuid.UUID) -> tuple[MembershipView, ...]:
    """Return where the person works now, held longest first."""
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, "holders"), {"person_ids": as_array([person_id])})
        holder = holders_of(cursor.fetchall()).get(person_id)
    if holder is None:
        return ()
    notice(holder.numbers)
    return holder.memberships


def organisations_signed_in(*, since: datetime, now: datetime) -> frozenset[uuid.UUID]:
    """Return for which organisations somebody who works there now signed in since an instant."""
    seen = Membership.objects.held_at(now).filter(person__last_login__gte=since)
    return frozenset(seen.values_list("organisation_id", flat=True))


@dataclass(frozen=True)
class Colleague:
    """One line of the staff page."""

    membership_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    login_name: str
    role: Role
    role_title: str
    held_from: datetime
    held_until: datetime | None


@dataclass(frozen=True)
class InvitationView:
    """One open invitation."""

    id: uuid.UUID
    email: str
    role: Role
    role_title: str
    invited_at: datetime
    expires_at: datetime


def staff_of(organisation_id: uuid.UUID, *, now: datetime) -> tuple[Colleague, ...]:
    """Return who works in an organisation now, by name; at most 200."""
    rows = _held(organisation_id, now).order_by("person__display_name", "id")[:STAFF_MAX]
    return tuple(_colleague(row) for row in rows)


def colleague(organisation_id: uuid.UUID, membership_id: uuid.UUID, *, now: datetime) -> Colleague:
    """Return somebody who works in an organisation now.

    :raises ColleagueNotFound: if there is no such open membership.
    """
    row = _held(organisation_id, now).filter(id=membership_id).first()
    if row is None:
        raise ColleagueNotFound(marked("This colleague does not work here any more."))
    return _colleague(row)


def holders_of_role(
    organisation_id: uuid.UUID, roles: Collection[Role], *, now: datetime
) -> frozenset[uuid.UUID]:
    """Return who works there now in one of these roles; at most 200."""
    rows = _held(organisation_id, now).filter(role__in=[role.value for role in roles])
    return frozenset(rows.order_by("id").values_list("person_id", flat=True)[:STAFF_MAX])


def _held(organisation_id: uuid.UUID, now: datetime) -> MembershipQuerySet:
    held = Membership.objects.of_organisation(organisation_id).held_at(now)
    return held.select_related("person")


def _colleague(row: Membership) -> Colleague:
    return Colleague(
        membership_id=row.id,
        person_id=row.person_id,
        name=row.person.display_name,
        login_name=row.person.username,
        role=Role(row.role),
        role_title=ROLE_TITLES[Role(row.role)],
        held_from=row.held_from,
        held_until=row.held_until,
    )


def accepted_of(invitation_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return which of these invitations were accepted."""
    rows = Invitation.objects.filter(id__in=invitation_ids, accepted_at__isnull=False)
    return frozenset(rows.values_list("id", flat=True))


def open_invitations(organisation_id: uuid.UUID, *, now: datetime) -> tuple[InvitationView, ...]:
    """Return the invitations of an organisation that wait for an answer; at most 200."""
    rows = (
        Invitation.objects.of_organisation(organisation_id)
        .open_at(now)
        .order_by("-invited_at")[:STAFF_MAX]
    )
    return tuple(
        InvitationView(
            id=row.id,
            email=row.email,
            role=Role(row.role),
            role_title=ROLE_TITLES[Role(row.role)],
            invited_at=row.invited_at,
            expires_at=row.expires_at,
        )
        for row in rows
    )
