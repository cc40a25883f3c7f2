"""For other modules' tests, drills and storms: people at work, and sessions without signing in."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.registry.access.expectations import Expect, Who
from standvast.registry.access.models import Membership, PersonalRule
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import ROLES_BY_KIND, Grant, Role
from standvast.registry.access.ruling.question import Holding
from standvast.registry.access.sessions import CHOSEN
from standvast.registry.organisations.api import NOBODYS_AGB, Kind, Organisation
from standvast.registry.organisations.testing import an_organisation
from standvast.registry.people.api import Person
from standvast.registry.people.testing import a_person

__all__ = [
    "AtWork",
    "Expect",
    "Prepared",
    "Who",
    "a_colleague",
    "a_membership",
    "a_person",
    "an_organisation",
    "at_work",
    "csrf_value",
    "prepare_session",
    "prepare_sessions",
    "signed_in_client",
]

SESSION_HOURS = 12
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PREPARED_MAX = 100_000


@dataclass(frozen=True)
class AtWork:
    """A person with the organisation they work for, and the actor they are there."""

    person: Person
    organisation: Organisation
    role: Role

    @property
    def actor(self) -> Actor:
        return Actor(
            person_id=self.person.id,
            organisation_id=self.organisation.id,
            role=self.role.value,
            address="127.0.0.1",
            language=self.person.language,
            organisation_kind=self.organisation.kind,
            held=frozenset(Holding.GIVEN.of(grant) for grant in needed_by(self.role)),
        )


def at_work(person_id: uuid.UUID, organisation_id: uuid.UUID) -> Actor:
    """Return somebody who is stored, at work where they are a member."""
    held = Membership.objects.select_related("person", "organisation").get(
        person_id=person_id, organisation_id=organisation_id, held_until=None
    )
    return AtWork(held.person, held.organisation, Role(held.role)).actor


@dataclass(frozen=True)
class Prepared:
    """A session that is already there: the values of the two cookies, and whose it is."""

    session: str
    csrf: str
    person_id: uuid.UUID
    organisation_id: uuid.UUID

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookies by name, ready for an HTTP client."""
        return {
            settings.SESSION_COOKIE_NAME: self.session,
            settings.CSRF_COOKIE_NAME: self.csrf,
        }


def needed_by(role: Role) -> frozenset[Grant]:
    """Return the grants without which somebody in this role lacks what others of it have."""
    return frozenset(
        right.grant
        for right in wired(RIGHTS)
        if right.grant is not None and right.is_granted_only and role in right.roles
    )


def a_membership(
    person: Person, organisation: Organisation, role: Role | None = None
) -> Membership:
    """Return a stored membership, held since long ago; by default the first role of the kind.

    What the rights of this role need is given with it, as it was to everybody who had it by role.
    """
    role = role or ROLES_BY_KIND[Kind(organisation.kind)][0]
    for grant in needed_by(role):
        PersonalRule.objects.create(
            person=person,
            organisation=organisation,
            holding=Holding.GIVEN.value,
            name=grant.value,
            from_at=LONG_AGO,
        )
    return Membership.objects.create(
        person=person, organisation=organisation, role=role.value, held_from=LONG_AGO
    )


def a_colleague(
    role: Role = Role.GP, organisation: Organisation | None = None, **person: Any
) -> AtWork:
    """Return somebody at work in this role; in an organisation that has it, unless given one."""
    if organisation is None:
        kind = next(kind for kind, roles in ROLES_BY_KIND.items() if role in roles)
        organisation = an_organisation(kind=kind)
    somebody = a_person(**person)
    a_membership(somebody, organisation, role)
    return AtWork(somebody, organisation, role)


def signed_in_client(at_work: AtWork, **options: Any) -> Client:
    """Return a Django test client with this person's session."""
    client = Client(**options)
    client.cookies[settings.SESSION_COOKIE_NAME] = prepare_session(
        at_work.person.id, at_work.organisation.id
    )
    return client


def csrf_value() -> str:
    """Return a fresh CSRF secret: the cookie's value, and good as the header's too."""
    return str(_get_new_csrf_string())


def prepare_session(person_id: uuid.UUID, organisation_id: uuid.UUID) -> str:
    """Store a session for a person at work and return the cookie's value."""
    password = Person.objects.values_list("password", flat=True).get(id=person_id)
    [prepared] = _store([(person_id, organisation_id, password)])
    return prepared.session


def prepare_sessions(count: int, *, role: Role = Role.GP) -> tuple[Prepared, ...]:
    """Store sessions for the first `count` organisations with somebody in this role.

    One person each, in order of organisation; thousands a second. Fewer if there are fewer. The
    practice as which probes walk is left out: it has nobody but the walker.
    """
    assert 0 <= count <= PREPARED_MAX
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (m.organisation_id) p.id, m.organisation_id, p.password
            FROM access_membership m JOIN people_person p ON p.id = m.person_id
                 JOIN organisations_organisation o ON o.id = m.organisation_id
            WHERE m.role = %s AND m.held_until IS NULL AND p.is_active AND o.code <> %s
            ORDER BY m.organisation_id, m.id LIMIT %s
            """,
            [role.value, NOBODYS_AGB, count],
        )
        rows = cursor.fetchall()
    return _store(rows)


def _store(rows: Sequence[tuple[uuid.UUID, uuid.UUID, str]]) -> tuple[Prepared, ...]:
    store = SessionStore()
    expires_at = datetime.now(tz=UTC) + timedelta(hours=SESSION_HOURS)
    prepared = []
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(
            "COPY django_session (session_key, session_data, expire_date) FROM STDIN"
        ) as copy,
    ):
        for person_id, organisation_id, password in rows:
            one = Prepared(secrets.token_hex(16), csrf_value(), person_id, organisation_id)
            data = store.encode(
                {
                    SESSION_KEY: str(person_id),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: Person(password=password).get_session_auth_hash(),
                    CHOSEN: str(organisation_id),
                }
            )
            copy.write_row((one.session, data, expires_at))
            prepared.append(one)
    return tuple(prepared)
