"""Asking for an account, and the answer. One function, one transaction, one line in the journal."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy, NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.access.api import (
    STAFF,
    Role,
    check_role_fits,
    holders_of_role,
    invite_within,
    join_link,
    memberships_of,
)
from standvast.registry.organisations.api import organisation_view
from standvast.registry.people.api import as_login_name, person_by_login_name
from standvast.registry.staff.models import Request
from standvast.registry.staff.rules import OPEN_REQUESTS_MAX, State, as_mobile, check_move
from standvast.registry.tidings.api import tell

PAGE = "/staff/requests/"


class RequestNotFound(NotFound):
    """No such request here."""

    code = "staff.request_not_found"


class AskedAlready(Refused):
    """Somebody asked for this colleague, or they work here."""

    code = "staff.asked_already"


class TooManyRequests(Busy):
    """Many requests wait for an answer."""

    code = "staff.too_many_requests"


@transaction.atomic(durable=True)
def ask_for_account(
    *, actor: Actor, name: str, email: str, mobile: str, role: Role, now: datetime
) -> uuid.UUID:
    """Ask for an account for a colleague-to-be; whoever manages the staff is told.

    :raises MobileNotRight: if the mobile number is none.
    :raises RoleDoesNotFit: if this kind of organisation has no such role.
    :raises AskedAlready: if somebody asked already, or the person works here.
    :raises TooManyRequests: past fifty that wait for an answer.
    """
    assert actor.person_id is not None
    check_role_fits(organisation_view(actor.organisation_id).kind, role)
    email = as_login_name(email)
    mine = Request.objects.select_for_update().of_organisation(actor.organisation_id)
    waiting = list(mine.filter(state=State.ASKED.value)[: OPEN_REQUESTS_MAX + 1])
    if any(one.email == email for one in waiting):
        raise _asked_already()
    _check_new_here(email, actor.organisation_id)
    if len(waiting) >= OPEN_REQUESTS_MAX:
        raise TooManyRequests(
            marked("Fifty requests wait for an answer. Ask who manages the staff."),
            retry_after_s=3600,
        )
    wanted = Request(
        organisation_id=actor.organisation_id,
        name=" ".join(name.split()),
        email=email,
        mobile=as_mobile(mobile),
        role=role.value,
        asked_by_id=actor.person_id,
        asked_at=now,
    )
    request = _kept(wanted)
    tell(
        person_ids=holders_of_role(actor.organisation_id, STAFF.roles, now=now) - {actor.person_id},
        organisation_id=actor.organisation_id,
        key=f"staff.asked:{request.id}",
        template=marked("An account for {name} was asked for."),
        values={"name": request.name},
        path=PAGE,
        now=now,
    )
    _record(actor, request, "staff.account_asked", "C", now=now)
    return request.id


def _kept(wanted: Request) -> Request:
    """Store it. Two colleagues at once: the table holds one, the other hears that it is there."""
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        raise _asked_already() from None
    return wanted


def _asked_already() -> AskedAlready:
    return AskedAlready(marked("An account for this address was asked for already."))


def _works_here(person_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    return any(one.organisation_id == organisation_id for one in memberships_of(person_id))


def _check_new_here(email: str, organisation_id: uuid.UUID) -> None:
    person = person_by_login_name(email)
    if person is not None and _works_here(person.id, organisation_id):
        raise AskedAlready(marked("This person already works for this organisation."))


@transaction.atomic(durable=True)
def invite_asked(*, actor: Actor, request_id: uuid.UUID, now: datetime) -> None:
    """Answer a request with an invitation: the mail goes out with the answer, or neither.

    :raises RequestNotFound: if the actor's organisation has no such request.
    :raises RequestAnswered: if it was answered or withdrawn.
    :raises AlreadyThere: if the person works there by now.
    :raises TooManyInvitations: past fifty open invitations.
    """
    request = _locked(actor, request_id, now=now)
    check_move(State(request.state), State.INVITED)
    request.invitation_id = invite_within(
        actor=actor, email=request.email, role=Role(request.role), link_of=join_link, now=now
    )
    _answer(actor, request, State.INVITED, now=now)
    _tell_asker(actor, request, marked("{name} was invited, as you asked."), now=now)
    _record(actor, request, "staff.account_granted", "U", now=now)


@transaction.atomic(durable=True)
def decline_asked(*, actor: Actor, request_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Answer a request with no, and say why.

    :raises RequestNotFound: if the actor's organisation has no such request.
    :raises RequestAnswered: if it was answered or withdrawn.
    """
    request = _locked(actor, request_id, now=now)
    check_move(State(request.state), State.DECLINED)
    request.reason = " ".join(reason.split())
    _answer(actor, request, State.DECLINED, now=now)
    _tell_asker(actor, request, marked("No account for {name} for now; you see why."), now=now)
    _record(actor, request, "staff.account_declined", "U", now=now)


@transaction.atomic(durable=True)
def withdraw_asked(*, actor: Actor, request_id: uuid.UUID, now: datetime) -> None:
    """Take back what one asked.

    :raises RequestNotFound: if it is not the actor's own request.
    :raises RequestAnswered: if it was answered or withdrawn.
    """
    request = _locked(actor, request_id, now=now)
    if request.asked_by_id != actor.person_id:
        raise RequestNotFound(marked("This request is not yours."))
    check_move(State(request.state), State.WITHDRAWN)
    _answer(actor, request, State.WITHDRAWN, now=now)
    _record(actor, request, "staff.account_not_asked", "D", now=now)


def _locked(actor: Actor, request_id: uuid.UUID, *, now: datetime) -> Request:
    mine = Request.objects.select_for_update().of_organisation(actor.organisation_id)
    found = mine.seen_at(now).filter(id=request_id).first()
    if found is None:
        raise RequestNotFound(marked("This request is not there any more."))
    return found


def _answer(actor: Actor, request: Request, state: State, *, now: datetime) -> None:
    request.state = state.value
    request.answered_by_id = actor.person_id
    request.answered_at = now
    request.save()


def _tell_asker(actor: Actor, request: Request, template: str, *, now: datetime) -> None:
    """Tell who asked, unless they answer themselves or have left: a leaver is told nothing."""
    is_gone = not _works_here(request.asked_by_id, request.organisation_id)
    if request.asked_by_id == actor.person_id or is_gone:
        return
    tell(
        person_ids=[request.asked_by_id],
        organisation_id=request.organisation_id,
        key=f"staff.answered:{request.id}",
        template=template,
        values={"name": request.name},
        path=PAGE,
        now=now,
    )


def _record(actor: Actor, request: Request, event: str, action: str, *, now: datetime) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind="staff.request",
            record_id=request.id,
            detail={"role": request.role},
        )
    )
