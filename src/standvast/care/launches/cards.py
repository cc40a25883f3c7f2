"""The card on a patient's page: which systems open with them in hand, and how they stand."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.care.launches.queries.targets import NEVER, Standing, standings, targets_for
from standvast.care.launches.views import VersionView
from standvast.kit.actor import Actor
from standvast.registry.access.api import may
from standvast.registry.patients.api import PatientCard


@dataclass(frozen=True, slots=True)
class TargetsCard:
    """What the card shows."""

    patient_id: uuid.UUID
    rows: tuple[tuple[VersionView, Standing], ...]


def card_for(actor: Actor, patient_id: uuid.UUID, now: datetime) -> PatientCard | None:
    """Return the card for the patient's page; None where nothing can be opened."""
    if not may(actor, "launches.go"):
        return None
    targets = targets_for(actor.organisation_id)
    if not targets:
        return None
    stand = standings(now)
    rows = tuple((target, stand.get(target.slug, NEVER)) for target in targets)
    return PatientCard("launches/_targets.html", TargetsCard(patient_id, rows))
