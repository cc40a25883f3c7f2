"""Rows of one purpose, locked, and the words to the journal that go with every act."""

from datetime import datetime

from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.slots import Slot, check_move
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor

FINGERPRINT_TOLD = 16


def locked(purpose: str) -> dict[Slot, Certificate]:
    """Return what stands in the slots of a purpose, locked until the end of the transaction."""
    rows = (
        Certificate.objects.select_for_update()
        .filter(purpose=purpose)
        .exclude(slot=Slot.RETIRED.value)
        .order_by("id")
    )
    return {Slot(row.slot): row for row in rows}


def move(row: Certificate, there: Slot, now: datetime) -> None:
    """Put a certificate into another slot; retired, it loses its key.

    :raises MoveNotAllowed: if it cannot go there.
    """
    check_move(Slot(row.slot), there)
    row.slot, row.moved_at = there.value, now
    if there is Slot.RETIRED:
        row.sealed_key = b""
    row.save(update_fields=["slot", "moved_at", "sealed_key"])


def tell(actor: Actor, row: Certificate, action: str, event: str, now: datetime) -> None:
    """Write to the journal who did what to which certificate."""
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"certificates.{event}",
            record_kind="certificate",
            record_id=row.id,
            detail={"purpose": row.purpose, "fingerprint": row.fingerprint[:FINGERPRINT_TOLD]},
        )
    )
