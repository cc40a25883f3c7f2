"""Asking for what a page refused, and the answer."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import Busy, NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.access.rights import right_named
from standvast.registry.access.ruling.models import AccessRequest
from standvast.registry.access.ruling.operations.giving import (
    check_for_here,
    check_works_at,
    hold,
)
from standvast.registry.access.ruling.operations.persons import Terms, make_exception
from standvast.registry.access.ruling.question import Holding
from standvast.registry.access.ruling.records import tell
from standvast.registry.access.ruling.rules import REQUEST_DAYS, Loss
from standvast.registry.access.sessions import CHANNEL

OPEN_MAX = 20
"""Of one person; who asks for more asks for a conversation."""


class TooManyRequests(Busy):
    """This person asks for a lot already."""

    code = "access.too_many_requests"


class RequestNotFound(NotFound):
    """No such open request here."""

    code = "access.request_not_found"


class NotForPracticeToGive(Refused):
    """The rules do not let an organisation give this by itself."""

    code = "access.not_for_practice_to_give"


@transaction.atomic(durable=True)
def ask_for(*, actor: Actor, right: str, now: datetime) -> None:
    """Ask for a right; asking twice asks once.

    :raises NotForHere: if nobody at such an organisation ever has it.
    :raises TooManyRequests: if twenty of this person are open.
    :raises ColleagueNotFound: if the person does not work here, such as who helps by phone.
    """
    found = right_named(right)
    name = found.name
    assert actor.person_id is not None
    check_for_here(actor.organisation_id, found)
    check_works_at(actor.person_id, actor.organisation_id, now=now)
    mine = AccessRequest.objects.filter(
        person_id=actor.person_id, organisation_id=actor.organisation_id, answered_at=None
    )
    if mine.filter(right=name).exists():
        return
    if mine.count() >= OPEN_MAX:
        raise TooManyRequests(
            marked("You have asked for a lot that was not answered yet. Speak to a colleague."),
            retry_after_s=3_600,
        )
    asked = AccessRequest.objects.create(
        person_id=actor.person_id, organisation_id=actor.organisation_id, right=name, asked_at=now
    )
    tell(actor, "asked", kind="request", record_id=asked.id, now=now, action="C", right=name)


@transaction.atomic(durable=True)
def answer(*, actor: Actor, request_id: uuid.UUID, is_granted: bool, now: datetime) -> None:
    """Answer a colleague; a yes gives the grant that brings the right.

    :raises RequestNotFound: if no such request is open here.
    :raises NotForPracticeToGive: for a yes to what only the desk can except.
    """
    row = (
        AccessRequest.objects.select_for_update()
        .filter(id=request_id, organisation_id=actor.organisation_id, answered_at=None)
        .first()
    )
    if row is None or row.person_id == actor.person_id:
        raise RequestNotFound(marked("No such request is open here."))
    if is_granted:
        _give(actor, row, now=now)
    row.answered_at, row.answered_by_id, row.is_granted = now, actor.person_id, is_granted
    row.save(update_fields=["answered_at", "answered_by", "is_granted"])
    wake(CHANNEL, str(row.person_id))
    tell(
        actor,
        "answered",
        kind="request",
        record_id=row.id,
        now=now,
        right=row.right,
        granted=int(is_granted),
    )


def _give(actor: Actor, row: AccessRequest, *, now: datetime) -> None:
    grant = right_named(row.right).grant
    if grant is None:
        raise NotForPracticeToGive(
            marked("You cannot give this yourself. Ask who runs the desk for an exception.")
        )
    check_works_at(row.person_id, row.organisation_id, now=now)
    hold(actor=actor, person_id=row.person_id, grant=grant, holding=Holding.GIVEN, now=now)


@transaction.atomic(durable=True)
def except_request(
    *, actor: Actor, request_id: uuid.UUID, why: str, until_at: datetime, now: datetime
) -> None:
    """Answer, from the desk, what no organisation can give: an exception with an end.

    :raises RequestNotFound: if no such request is open.
    :raises EndNotRight: if it has no end within 90 days.
    """
    row = AccessRequest.objects.select_for_update().filter(id=request_id, answered_at=None).first()
    if row is None or row.person_id == actor.person_id:
        raise RequestNotFound(marked("No such request is open here."))
    row.answered_at, row.answered_by_id, row.is_granted = now, actor.person_id, True
    row.save(update_fields=["answered_at", "answered_by", "is_granted"])
    make_exception(
        actor=actor,
        loss=Loss(row.person_id, row.organisation_id, row.right),
        terms=Terms(why, until_at),
        now=now,
    )


@transaction.atomic(durable=True)
def purge_requests(now: datetime) -> int:
    """Put away requests that are older than a month, and return how many."""
    count, _ = AccessRequest.objects.filter(
        asked_at__lt=now - timedelta(days=REQUEST_DAYS)
    ).delete()
    return count
