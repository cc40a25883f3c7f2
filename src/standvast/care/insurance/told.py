"""Lines in the journal about somebody's insurance: ids and figures only."""

import uuid
from datetime import datetime

from standvast.core.journal.api import Entry, entry_of
from standvast.kit.actor import Actor

KIND = "insurance.coverage"


def entry(
    actor: Actor, patient_id: uuid.UUID, action: str, event: str, now: datetime, **detail: str | int
) -> Entry:
    """Return the line for what the actor did or saw of a patient's insurance."""
    return entry_of(
        actor,
        at=now,
        action=action,
        event=event,
        record_kind=KIND,
        record_id=patient_id,
        detail=detail,
    )
