"""Reads: who a login name is, and where somebody is signed in."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db.models import Q

from standvast.registry.people.models import Person
from standvast.registry.people.rules import as_login_name

SESSIONS_MAX = 50


def person_by_login_name(login_name: str) -> Person | None:
    """Return whose user name or e-mail address this is, however it was typed.

    At most one: a user name with an @ is its person's own e-mail address, by constraint.
    """
    plain = as_login_name(login_name)
    if not plain:
        return None
    return Person.objects.filter(Q(username=plain) | Q(email=plain)).first()


def person_names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of people as their colleagues know them; who left is still named."""
    rows = Person.objects.filter(id__in=ids).values_list("id", "display_name")
    return dict(rows)


@dataclass(frozen=True)
class SessionView:
    """One place where a person is signed in."""

    id: int
    began_at: datetime
    address: str
    device: str
    is_this_one: bool


def sessions_of(person: Person, *, this_key: str | None) -> tuple[SessionView, ...]:
    """Return where the person is signed in, latest first; forgets those that have ended."""
    kept = UserSession.objects.purge_and_list(person)
    views = (
        SessionView(
            id=row.pk,
            began_at=row.created_at,
            address=row.ip,
            device=device_of(row.user_agent),
            is_this_one=row.session_key == this_key,
        )
        for row in kept
    )
    return tuple(sorted(views, key=lambda view: view.began_at, reverse=True))[:SESSIONS_MAX]


_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Return what a person would call the device, from what its browser says of itself."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


def person_exists(username: str, email: str) -> bool:
    """Whether this user name or e-mail address is somebody's already."""
    return person_by_login_name(username) is not None or person_by_login_name(email) is not None


def person_by_id(person_id: uuid.UUID) -> Person:
    """Return a person whose id is known to be right."""
    return Person.objects.get(id=person_id)
