"""What happens to people and their accounts. One function, one transaction."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction

from standvast.core.delivery.api import enqueue_many
from standvast.database.api import wake
from standvast.kit.errors import NotFound, Refused
from standvast.kit.ids import uuid7
from standvast.kit.words import marked
from standvast.registry.people.account_journal import note
from standvast.registry.people.doubts import ask_supplier
from standvast.registry.people.mails import account_mail
from standvast.registry.people.models import Person
from standvast.registry.people.queries import person_by_login_name
from standvast.registry.people.rules import RESET_MINUTES, as_login_name, check_username

SESSIONS_CHANNEL = "access_sessions"
"""Woken with a person's id when what their sessions may do has changed."""
LinkOf = Callable[[Person], str]


class LoginNameTaken(Refused):
    """Somebody has this user name or e-mail address already."""

    code = "people.login_name_taken"


class SessionNotFound(NotFound):
    """The person is not signed in there."""

    code = "people.session_not_found"


def register_person(
    *, username: str, email: str, display_name: str, password: str, language: str
) -> Person:
    """Add a person who can sign in; inside the caller's transaction.

    :raises UsernameNotRight: if the user name cannot be one.
    :raises LoginNameTaken: if the user name or the e-mail address is somebody's.
    """
    assert connection.in_atomic_block
    person = Person(
        username=check_username(username, email=email),
        email=as_login_name(email),
        display_name=display_name.strip(),
        password=make_password(password),
        language=language,
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise LoginNameTaken(
            marked("This user name or e-mail address is in use. Choose another user name.")
        ) from None
    return person


@transaction.atomic(durable=True)
def ask_reset(*, login_name: str, link_of: LinkOf, address: str, now: datetime) -> None:
    """Mail a link for a new password to whoever has this user name or e-mail address.

    A supplier is asked about the address beside it, by a lane of its own: it can warn, and neither
    refuse nor delay. For a name that is nobody's, or somebody's without an e-mail address, the same
    work is done and nothing is sent: the caller cannot tell, and neither can the time it takes.
    """
    person = person_by_login_name(login_name)
    reachable = person is not None and person.is_active and bool(person.email)
    addressee = person if person is not None and reachable else _nobody()
    message = account_mail(
        "password_reset",
        key=f"reset:{uuid7()}",
        to=addressee.email,
        language=addressee.language,
        subject=marked("Choose a new password"),
        context={
            "name": addressee.display_name,
            "username": addressee.username,
            "link": link_of(addressee),
            "minutes": RESET_MINUTES,
        },
    )
    if person is not None and reachable:
        enqueue_many([message], now=now)
        ask_supplier(person, now=now)
    note(
        "people.reset_asked",
        person=person,
        login_name=login_name,
        now=now,
        outcome=0 if reachable else 4,
        address=address,
        is_proven=False,
    )


def _nobody() -> Person:
    """Return somebody who does not exist, to do the same work for."""
    name = "nobody"
    return Person(
        id=uuid7(), username=name, email=f"{name}@nobody.example", display_name=name, password=name
    )


@transaction.atomic(durable=True)
def refuse_second_step(*, person: Person, address: str, now: datetime) -> None:
    """Tell in the journal that a code at sign-in was wrong, or tried too often."""
    note(
        "people.second_step_refused",
        person=person,
        now=now,
        outcome=4,
        address=address,
        is_proven=False,
    )


@transaction.atomic(durable=True)
def set_password(*, person_id: uuid.UUID, password: str, address: str, now: datetime) -> None:
    """Give a person a new password; every session under the old one ends within a second.

    Sealed data is untouched: it does not hang on the password.
    """
    person = Person.objects.select_for_update().get(id=person_id)
    person.password = make_password(password)
    person.save(update_fields=["password"])
    if person.email:
        message = account_mail(
            "password_changed",
            key=f"password-changed:{uuid7()}",
            to=person.email,
            language=person.language,
            subject=marked("Your password was changed"),
            context={"name": person.display_name, "at": now},
        )
        enqueue_many([message], now=now)
    wake(SESSIONS_CHANNEL, str(person.id))
    note("people.password_set", person=person, now=now, action="U", address=address)


@transaction.atomic(durable=True)
def end_session(*, person_id: uuid.UUID, session_id: int, address: str, now: datetime) -> None:
    """End one of a person's sessions.

    :raises SessionNotFound: if it is not one of theirs.
    """
    mine = UserSession.objects.select_for_update().filter(user_id=person_id, pk=session_id)
    if not _end(mine, person_id=person_id, address=address, now=now):
        raise SessionNotFound(marked("You are not signed in there any more."))


@transaction.atomic(durable=True)
def end_other_sessions(
    *, person_id: uuid.UUID, kept_key: str | None, address: str, now: datetime
) -> int:
    """End all of a person's sessions but one; return how many."""
    mine = UserSession.objects.select_for_update().filter(user_id=person_id)
    others = mine.exclude(session_key=kept_key)
    return _end(others, person_id=person_id, address=address, now=now)


def end_every_session(*, person_id: uuid.UUID, address: str, now: datetime) -> int:
    """End all of a person's sessions, inside the caller's transaction; return how many."""
    assert connection.in_atomic_block
    mine = UserSession.objects.select_for_update().filter(user_id=person_id)
    return _end(mine, person_id=person_id, address=address, now=now)


def _end(
    sessions: Iterable[UserSession], *, person_id: uuid.UUID, address: str, now: datetime
) -> int:
    ended = list(sessions)
    if not ended:
        return 0
    Session.objects.filter(session_key__in=[one.session_key for one in ended]).delete()
    UserSession.objects.filter(pk__in=[one.pk for one in ended]).delete()
    wake(SESSIONS_CHANNEL, str(person_id))
    note(
        "people.sessions_ended",
        person=Person.objects.get(id=person_id),
        now=now,
        action="D",
        address=address,
        detail={"count": len(ended)},
    )
    return len(ended)


@transaction.atomic(durable=True)
def keep_language(*, person_id: uuid.UUID, language: str) -> None:
    """Keep the language a person chose; it is theirs on every device."""
    Person.objects.filter(id=person_id).update(language=language)
    wake(SESSIONS_CHANNEL, str(person_id))
