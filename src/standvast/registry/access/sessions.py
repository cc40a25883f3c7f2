"""Who acts: from a session to an actor. One way for Django's pages and for the edge."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare

from standvast.kit.actor import Actor
from standvast.registry.access.rules import Role
from standvast.registry.access.ruling.memory import NONE, Numbers
from standvast.registry.organisations.api import Kind

CHANNEL = "access_sessions"
"""A wake on this channel carries the id of a person whose sessions or roles changed."""
CHOSEN = "standvast_organisation"
"""Session key: the organisation the person chose to work for."""
HELPING = "standvast_helping"
"""Session key: `{"organisation": id, "until": seconds}` while helping by phone."""
HELP_MINUTES_MAX = 60


@dataclass(frozen=True)
class MembershipView:
    """Where somebody works now, and as what."""

    organisation_id: uuid.UUID
    role: Role
    organisation_name: str
    organisation_kind: Kind
    held: frozenset[str] = frozenset()
    """Grants, exceptions and broken glass there, see `ruling/question.py`."""


@dataclass(frozen=True)
class Holder:
    """A person as far as a session must know."""

    person_id: uuid.UUID
    password: str
    language: str
    memberships: tuple[MembershipView, ...]
    numbers: Numbers = NONE
    """Under which rules: told with every reading, so that no process judges by older ones."""


def holders_of(rows: Iterable[Sequence[Any]]) -> dict[uuid.UUID, Holder]:
    """Return the rows of `sql/holders.sql` by person, memberships in their order."""
    found: dict[uuid.UUID, Holder] = {}
    for person_id, password, language, *at, enforced, shadowed in rows:
        before = found[person_id].memberships if person_id in found else ()
        organisation_id, role, name, kind, held = at
        if organisation_id is not None:
            view = MembershipView(organisation_id, Role(role), name, Kind(kind), frozenset(held))
            before = (*before, view)
        found[person_id] = Holder(
            person_id, password, language, before, Numbers(enforced, shadowed)
        )
    return found


def chosen(
    session: Mapping[str, Any], memberships: Sequence[MembershipView]
) -> MembershipView | None:
    """Return the membership the person works in: the one chosen, else the one held longest."""
    wanted = session.get(CHOSEN)
    for membership in memberships:
        if str(membership.organisation_id) == wanted:
            return membership
    return memberships[0] if memberships else None


def helped_now(session: Mapping[str, Any], *, now: datetime | None) -> uuid.UUID | None:
    """Return the organisation helped by phone, while its time runs."""
    if now is None:
        return None
    match session.get(HELPING):
        case {"organisation": str(organisation), "until": int(until)} if now.timestamp() < until:
            return uuid.UUID(organisation)
        case _:
            return None


def helping_value(
    organisation_id: uuid.UUID, *, now: datetime, kind: str = ""
) -> dict[str, str | int]:
    """Return what the session holds while helping."""
    until = now + timedelta(minutes=HELP_MINUTES_MAX)
    return {"organisation": str(organisation_id), "until": int(until.timestamp()), "kind": kind}


def actor_from(
    session: Mapping[str, Any],
    *,
    person_id: uuid.UUID,
    language: str,
    memberships: Sequence[MembershipView],
    address: str,
    now: datetime | None,
) -> Actor | None:
    """Return who acts, or None if the person works nowhere now.

    `now` may be None when nobody is being helped in this session.
    """
    membership = chosen(session, memberships)
    if membership is None:
        return None
    helped = helped_now(session, now=now) if membership.role is Role.OFFICE else None
    kind = str(session[HELPING].get("kind", "")) if helped else membership.organisation_kind.value
    return Actor(
        person_id=person_id,
        organisation_id=helped or membership.organisation_id,
        role=membership.role.value,
        address=address,
        helping_from=membership.organisation_id if helped else None,
        language=language,
        organisation_kind=kind,
        held=frozenset() if helped else membership.held,
    )


def person_id_in(session: Mapping[str, Any]) -> uuid.UUID | None:
    """Return whose session this says it is; not yet proof, see `is_genuine`."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    try:
        return uuid.UUID(session[SESSION_KEY])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


_user: Any = AbstractBaseUser


class _Sworn:
    """A password with Django's own proof of it; a whole person costs more than the proof."""

    get_session_auth_hash = _user.get_session_auth_hash
    get_session_auth_fallback_hash = _user.get_session_auth_fallback_hash
    _get_session_auth_hash = _user._get_session_auth_hash

    def __init__(self, password: str) -> None:
        self.password = password


def is_genuine(session: Mapping[str, Any], *, password: str) -> bool:
    """Whether the session was begun under the person's present password."""
    person = _Sworn(password)
    held = str(session.get(HASH_SESSION_KEY, ""))
    if constant_time_compare(held, person.get_session_auth_hash()):
        return True
    fallbacks = person.get_session_auth_fallback_hash()
    return any(constant_time_compare(held, wanted) for wanted in fallbacks)


_store = SessionStore()


def decoded(session_data: str) -> dict[str, Any]:
    """Return what stands in a stored session; empty if it was tampered with."""
    return _store.decode(session_data)
