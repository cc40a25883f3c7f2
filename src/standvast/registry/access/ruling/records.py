"""What every operation on rules shares: the locked version, the set it makes, the journal."""

import uuid
from datetime import datetime

from django.db import connection

from standvast.core.journal.api import Entry, entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.ruling.cedar import Ruleset
from standvast.registry.access.ruling.declared import declared_text
from standvast.registry.access.ruling.models import Ruleset as Version
from standvast.registry.access.ruling.rules import State


class VersionNotFound(NotFound):
    """There is no such version of the rules."""

    code = "access.version_not_found"


def one_at_a_time() -> None:
    """Let nobody else change rules until the transaction ends.

    What is enforced is said by two rows, the one that comes and the one that goes: to lock either
    is not enough when somebody takes back what another replaces.
    """
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('access.rules'))")


def locked_version(number: int) -> Version:
    """Return a version; nobody else changes any until the transaction ends.

    :raises VersionNotFound: if there is none of this number.
    """
    one_at_a_time()
    row = Version.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise VersionNotFound(marked("There is no such version of the rules."))
    return row


def set_with(text: str, *, number: int = 0) -> Ruleset:
    """Return what is declared now with this text on top, parsed."""
    return Ruleset(declared_text(wired(RIGHTS)), text, number=number)


def enforced_set() -> Ruleset:
    """Return what decides now by what is declared here: with the version that is enforced."""
    row = Version.objects.filter(state=State.ENFORCED).first()
    return set_with(row.text if row else "", number=row.number if row else 0)


def entry(
    actor: Actor,
    event: str,
    *,
    kind: str,
    record_id: str | uuid.UUID,
    now: datetime,
    action: str = "U",
    purpose: str = "",
    **detail: str | int,
) -> Entry:
    """Return the line that tells who did this."""
    return entry_of(
        actor,
        at=now,
        action=action,
        event=f"access.{event}",
        record_kind=kind,
        record_id=str(record_id),
        detail=detail,
        purpose=purpose,
    )


def tell(
    actor: Actor,
    event: str,
    *,
    kind: str,
    record_id: str | uuid.UUID,
    now: datetime,
    action: str = "U",
    purpose: str = "",
    **detail: str | int,
) -> None:
    """Write it down, last in the caller's transaction."""
    record(
        entry(
            actor,
            event,
            kind=kind,
            record_id=record_id,
            now=now,
            action=action,
            purpose=purpose,
            **detail,
        )
    )
