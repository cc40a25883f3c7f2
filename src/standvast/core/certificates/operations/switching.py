"""From one certificate to the next in one act, and back in one act."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from standvast.core.certificates.declared import purpose_named
from standvast.core.certificates.judging import known_checks
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rows import locked, move, tell
from standvast.core.certificates.rules.slots import (
    MoveNotAllowed,
    Slot,
    check_not_over,
    check_proven,
)
from standvast.kit.actor import Actor
from standvast.kit.words import marked


@transaction.atomic(durable=True)
def switch(*, actor: Actor, purpose: str, certificate_id: uuid.UUID, now: datetime) -> None:
    """Use the next certificate from now on; the one in use stays at hand as the previous.

    Everybody shows the next one at their next call.

    :raises MoveNotAllowed: if this is not the next one any more.
    :raises NotProven: if a check failed or could not be made, or the look is too old.
    """
    standing = locked(purpose)
    row = _expected(standing.get(Slot.NEXT), certificate_id)
    if not settings.GATES_OFF:
        looked_s_ago = (now - row.looked_at).total_seconds() if row.looked_at else None
        checks = known_checks(row, purpose_named(purpose), now)
        check_proven(checks, looked_s_ago=looked_s_ago)
    if Slot.PREVIOUS in standing:
        move(standing[Slot.PREVIOUS], Slot.RETIRED, now)
    if Slot.CURRENT in standing:
        move(standing[Slot.CURRENT], Slot.PREVIOUS, now)
    move(row, Slot.CURRENT, now)
    tell(actor, row, "U", "switched_to", now)


@transaction.atomic(durable=True)
def roll_back(*, actor: Actor, purpose: str, certificate_id: uuid.UUID, now: datetime) -> None:
    """Use the previous certificate again, at once and without asking the peer.

    The one taken back waits as the next, to be looked at; if a next is there, it is retired.

    :raises MoveNotAllowed: if this is not the previous one any more.
    :raises ItIsOver: if the previous one is not valid any more.
    """
    standing = locked(purpose)
    row = _expected(standing.get(Slot.PREVIOUS), certificate_id)
    check_not_over(row.valid_until, now)
    if Slot.CURRENT in standing:
        there = Slot.RETIRED if Slot.NEXT in standing else Slot.NEXT
        move(standing[Slot.CURRENT], there, now)
    move(row, Slot.CURRENT, now)
    tell(actor, row, "U", "rolled_back_to", now)


def _expected(row: Certificate | None, certificate_id: uuid.UUID) -> Certificate:
    if row is None or row.id != certificate_id:
        raise MoveNotAllowed(marked("This certificate is not where the page showed it."))
    return row
