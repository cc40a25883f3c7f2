"""What a supplier says of people's mail addresses: kept beside, never in the way (ADR 0024)."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from standvast.core.delivery.api import KeyClash, LaneFull, enqueue
from standvast.registry.people.account_journal import note
from standvast.registry.people.devices import mark_of
from standvast.registry.people.models import AddressDoubt, Person
from standvast.registry.people.rules import Said, Word

LANE = "people.addresses"


def ask_supplier(person: Person, *, now: datetime) -> None:
    """Let the supplier be asked about a person's address, once a day; inside a transaction.

    Nothing happens where no supplier is set. Whatever is wrong with its lane is not the person's.
    """
    assert connection.in_atomic_block
    if not settings.ADDRESS_CHECK_URL:
        return
    day = timezone.localdate(now).isoformat()
    try:
        with transaction.atomic():
            enqueue(
                lane=LANE,
                subject=f"person:{person.id}",
                key=f"{person.id}:{day}:{mark_of(person.email)}",
                payload={
                    "person_id": str(person.id),
                    "address": person.email,
                    "is_login": person.username == person.email,
                },
                now=now,
            )
    except (LaneFull, KeyClash):
        return


def take_answer(*, person_id: uuid.UUID, address: str, said: Said, now: datetime) -> None:
    """Keep what the supplier says; inside a transaction. Void if the address has changed.

    The journal tells when a doubt begins and when it ends, not each time it is repeated.
    """
    assert connection.in_atomic_block
    person = Person.objects.select_for_update().filter(id=person_id, email=address).first()
    if person is None:
        return
    held = AddressDoubt.objects.filter(person=person, email=address)
    was_doubted = held.exists()
    if said.word is Word.REACHED:
        AddressDoubt.objects.filter(person=person).delete()
    else:
        AddressDoubt.objects.update_or_create(
            person=person,
            defaults={"email": address, "reason": said.reason, "doubted_at": now},
        )
    if was_doubted is (said.word is Word.REACHED):
        event = "people.address_doubted" if said.word is Word.DOUBTED else "people.address_cleared"
        note(event, person=person, now=now, action="U", is_proven=False)


@dataclass(frozen=True)
class DoubtView:
    """Since when mail to somebody is in doubt."""

    doubted_at: datetime
    reason: str


def doubts_about(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, DoubtView]:
    """Return whose present address is in doubt."""
    rows = AddressDoubt.objects.filter(person__in=person_ids, email=F("person__email"))
    return {row.person_id: DoubtView(row.doubted_at, row.reason) for row in rows}
