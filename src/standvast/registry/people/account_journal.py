"""What happens to accounts, in the journal of the organisation that the person works for."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from standvast.core.journal.api import Entry, record
from standvast.kit.wiring import wired
from standvast.registry.organisations.api import house_id
from standvast.registry.people.contributions import WORKPLACE
from standvast.registry.people.devices import mark_of
from standvast.registry.people.models import Person


def workplace_of(person_id: uuid.UUID | None) -> uuid.UUID:
    """Return whose journal tells of this person; the house's own if they work nowhere."""
    if person_id is not None:
        for ask in wired(WORKPLACE):
            if (found := ask(person_id)) is not None:
                return found
    return house_id()


def note(
    event: str,
    *,
    person: Person | None,
    now: datetime,
    login_name: str = "",
    action: str = "E",
    outcome: int = 0,
    address: str = "",
    is_proven: bool = True,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Record something about an account, inside the caller's transaction.

    A login name that is nobody's is recorded by its mark only. `is_proven` is whether the person
    showed who they are.
    """
    assert connection.in_atomic_block
    record(
        Entry(
            organisation_id=workplace_of(person.id if person else None),
            at=now,
            action=action,
            event=event,
            record_kind="person" if person else "login_name",
            record_id=str(person.id) if person else mark_of(login_name),
            person_id=person.id if person and is_proven else None,
            from_address=address[:64],
            outcome=outcome,
            detail=detail or {},
        )
    )
