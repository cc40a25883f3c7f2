"""Lines in the journal about somebody's insurance: ids and figures only."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from standvast.core.journal.api import Entry, entry_of
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import purpose_of

KIND = "insurance.coverage"
CARE = "insurance.care"
BUNDLE = "insurance.bundle"
DEEDS = (
    ("insurance.seen", marked("looked at the insurance")),
    ("insurance.asked", marked("asked the insurers")),
    ("insurance.answered", marked("wrote down what the insurers said")),
    ("insurance.enrolled", marked("put in a programme")),
    ("insurance.left", marked("let leave a programme")),
    ("insurance.done", marked("wrote down what was done")),
    ("insurance.not_done", marked("took back what was written down")),
    ("insurance.decided", marked("said who is main practitioner")),
    ("insurance.taken_back_in", marked("took back into a programme")),
    ("insurance.claimed", marked("claimed from the insurers")),
    ("insurance.claims_seen", marked("looked at claims")),
    ("insurance.claims_taken_out", marked("took claims out as a file")),
    ("insurance.corrected", marked("claimed anew")),
    ("insurance.credited", marked("took a claim back")),
)
"""What a patient is told who asks who looked."""


def entry(
    actor: Actor, patient_id: uuid.UUID, action: str, event: str, now: datetime, **detail: str | int
) -> Entry:
    """Return the line for what the actor did or saw of a patient's insurance."""
    return _entry(KIND, actor, patient_id, action, event, now, detail)


def care_entry(
    actor: Actor, patient_id: uuid.UUID, action: str, event: str, now: datetime, **detail: str | int
) -> Entry:
    """Return the line for what the actor did or saw of a patient's programmes and claims."""
    return _entry(CARE, actor, patient_id, action, event, now, detail)


def bundle_entry(
    actor: Actor, bundle_id: uuid.UUID, action: str, event: str, now: datetime, **detail: str | int
) -> Entry:
    """Return the line for what the actor did with a bundle of claims."""
    return _entry(BUNDLE, actor, bundle_id, action, event, now, detail)


def _entry(
    kind: str,
    actor: Actor,
    record_id: uuid.UUID,
    action: str,
    event: str,
    now: datetime,
    detail: Mapping[str, str | int],
) -> Entry:
    return entry_of(
        actor,
        at=now,
        action=action,
        event=event,
        record_kind=kind,
        record_id=record_id,
        detail=detail,
        purpose=purpose_of(actor, "patients.see"),
    )
