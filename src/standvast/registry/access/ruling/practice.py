"""Reads for an organisation: who may do what there, what colleagues hold, what they ask for."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.registry.access.models import Membership
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import ROLE_TITLES, ROLES_BY_KIND, Grant, Role
from standvast.registry.access.ruling.giveable import grants_for, is_for
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.models import AccessRequest, PersonalRule
from standvast.registry.access.ruling.question import HERE, Holding, Layer
from standvast.registry.access.ruling.rules import REQUEST_DAYS
from standvast.registry.organisations.api import Kind

COLLEAGUES_MAX = 200
REQUESTS_MAX = 100


@dataclass(frozen=True)
class RightRow:
    """One thing that people of an organisation may do, by role."""

    name: str
    title: str
    roles: tuple[Role, ...]
    grant: Grant | None
    is_granted_only: bool


@dataclass(frozen=True)
class ColleagueRow:
    """What one colleague has of each grant: by role, given or withheld; and exceptions."""

    person_id: uuid.UUID
    name: str
    role_title: str
    grants: Mapping[Grant, Holding | None]
    exceptions: tuple[tuple[str, datetime | None], ...]


@dataclass(frozen=True)
class RequestRow:
    """What a colleague asks for."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    title: str
    right: str
    grant: Grant | None
    asked_at: datetime


def who_may_what(kind: Kind, organisation_id: uuid.UUID) -> tuple[RightRow, ...]:
    """Return what the enforced rules let each role of such an organisation do: asked of them.

    Rights that nobody there has are left out.
    """
    rights = wired(RIGHTS)
    rules = memory.of(rights).live
    found = []
    for right in sorted(rights, key=lambda right: right.name):
        roles = tuple(
            role
            for role in ROLES_BY_KIND[kind]
            if rules.decide(
                Actor(None, organisation_id, role.value, organisation_kind=kind.value),
                right.name,
                layer=Layer.ROUTE,
                record=HERE,
            ).is_allowed
        )
        if roles or (right.grant is not None and is_for(kind, right)):
            row = RightRow(right.name, right.title, roles, right.grant, right.is_granted_only)
            found.append(row)
    return tuple(found)


def colleague_rows(
    organisation_id: uuid.UUID, kind: Kind, *, now: datetime
) -> tuple[ColleagueRow, ...]:
    """Return each colleague with what they hold beside the role, by name; at most 200."""
    held: dict[uuid.UUID, list[PersonalRule]] = {}
    standing = PersonalRule.objects.filter(organisation_id=organisation_id, ended_at=None)
    for one in standing.exclude(holding=Holding.GLASS):
        if one.until_at is None or one.until_at > now:
            held.setdefault(one.person_id, []).append(one)
    people = (
        Membership.objects.of_organisation(organisation_id)
        .held_at(now)
        .select_related("person")
        .order_by("person__display_name", "id")[:COLLEAGUES_MAX]
    )
    return tuple(
        ColleagueRow(
            person_id=row.person_id,
            name=row.person.display_name,
            role_title=ROLE_TITLES[Role(row.role)],
            grants={
                grant: next(
                    (
                        Holding(one.holding)
                        for one in held.get(row.person_id, ())
                        if one.name == grant.value
                    ),
                    None,
                )
                for grant in grants_for(kind)
            },
            exceptions=tuple(
                (one.name, one.until_at)
                for one in held.get(row.person_id, ())
                if one.holding == Holding.EXCEPTION
            ),
        )
        for row in people
    )


def open_requests(
    *, organisation_id: uuid.UUID | None = None, now: datetime
) -> tuple[RequestRow, ...]:
    """Return what waits for an answer, of one organisation or of all; a month old at most."""
    rows = AccessRequest.objects.filter(
        answered_at=None, asked_at__gte=now - timedelta(days=REQUEST_DAYS)
    )
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    by_name = {right.name: right for right in wired(RIGHTS)}
    return tuple(
        RequestRow(
            id=one.id,
            person_id=one.person_id,
            name=one.person.display_name,
            title=by_name[one.right].title,
            right=one.right,
            grant=by_name[one.right].grant,
            asked_at=one.asked_at,
        )
        for one in rows.select_related("person").order_by("asked_at", "id")[:REQUESTS_MAX]
        if one.right in by_name
    )
