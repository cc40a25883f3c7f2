"""What ends many grants at once: an app is closed, its use ends somewhere, a person leaves.

They end for good. What opens again, or comes back, is asked anew.
"""

import uuid
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from standvast.registry.grants.models import Consent, Grant


def end_of_app(app_id: uuid.UUID, *, now: datetime) -> None:
    """End all that an app holds, in the transaction that closes it."""
    _open().filter(app_id=app_id).update(ended_at=now, ended_for="app_closed")


def end_of_use(app_id: uuid.UUID, organisation_id: uuid.UUID, *, now: datetime) -> None:
    """End what an app holds at one organisation, in the transaction that ends its use there."""
    there = {"app_id": app_id, "organisation_id": organisation_id}
    _open().filter(**there).update(ended_at=now, ended_for="use_ended")
    Consent.objects.filter(**there).delete()


def forget_leaver(*, person_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> None:
    """End what a leaver gave there, in the transaction that ends the membership."""
    whose = {"person_id": person_id, "organisation_id": organisation_id}
    _open().filter(**whose).update(ended_at=now, ended_for="person_left")
    Consent.objects.filter(**whose).delete()


def _open() -> QuerySet[Grant]:
    assert connection.in_atomic_block
    return Grant.objects.filter(ended_at=None)
