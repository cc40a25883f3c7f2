"""Looking at a certificate, with a live handshake: when asked, and every hour."""

import uuid
from datetime import datetime

from django.db import models, transaction

from standvast.core.certificates.declared import PURPOSES, Purpose, purpose_named
from standvast.core.certificates.judging import checks_here, checks_there
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rows import tell
from standvast.core.certificates.rules.slots import MoveNotAllowed, Slot
from standvast.core.certificates.rules.told import as_stored
from standvast.kit.actor import Actor
from standvast.kit.wiring import wired
from standvast.kit.words import marked


def look(*, actor: Actor, purpose: str, certificate_id: uuid.UUID, now: datetime) -> None:
    """Show a certificate to its peer, make every check again, and keep what came of it.

    The peer is met outside any transaction; the person waits for it a deadline at most, since its
    answer is what they ask for.

    :raises MoveNotAllowed: if it does not stand in a slot of this purpose.
    """
    wanted = purpose_named(purpose)
    row = _standing(purpose).filter(id=certificate_id).first()
    if row is None:
        raise MoveNotAllowed(marked("This certificate is not where the page showed it."))
    found = as_stored((*checks_here(row, wanted, now), *checks_there(row, wanted)))
    with transaction.atomic(durable=True):
        _standing(purpose).filter(id=row.id).update(checks=found, looked_at=now)
        tell(actor, row, "E", "looked_at", now)


def look_at_all(now: datetime) -> None:
    """Look at everything that stands in a slot; a sweep of the watch, every hour."""
    for purpose in wired(PURPOSES):
        for row in _standing(purpose.name).order_by("id"):
            _look(row, purpose, now)


def _look(row: Certificate, purpose: Purpose, now: datetime) -> None:
    found = as_stored((*checks_here(row, purpose, now), *checks_there(row, purpose)))
    _standing(purpose.name).filter(id=row.id).update(checks=found, looked_at=now)


def _standing(purpose: str) -> models.QuerySet[Certificate]:
    return Certificate.objects.filter(purpose=purpose).exclude(slot=Slot.RETIRED.value)
