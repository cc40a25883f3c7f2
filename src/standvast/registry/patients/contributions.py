"""What patients bring to rights, rail, lanes and sweeps, and others to a patient's page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from standvast.core.delivery.api import Subscription, subscriber_lane
from standvast.core.health.api import Sweep
from standvast.events.patients import SliceHandedIn
from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.registry.patients.operations.importing import (
    LANE,
    on_slice_handed_in,
    sweep_imports,
)
from standvast.web.api import RailItem


@dataclass(frozen=True, slots=True)
class PatientCard:
    """One card on a patient's page: a fragment of its module, which is given it as `card`."""

    template: str
    card: object


CARDS: Slot[Callable[[Actor, uuid.UUID, datetime], PatientCard | None]] = Slot("patients.cards")
"""Each returns its card about a patient; None for who may not see it."""

_CARERS = frozenset({Role.GP, Role.ASSISTANT, Role.PHARMACIST, Role.CARE_MANAGER})
RIGHTS_OF_PATIENTS = (
    Right("patients.see", _CARERS, marked("look at patients"), is_lent=False),
    Right("patients.edit", _CARERS, marked("register and correct patients"), is_lent=False),
)
RAIL_OF_PATIENTS = RailItem(marked("Patients"), "patients:search", "patients.see", "users")
IMPORT_LANE = subscriber_lane(LANE, title=marked("Lists of patients"))
SUBSCRIPTION_OF_PATIENTS = Subscription(SliceHandedIn, IMPORT_LANE.name, on_slice_handed_in)
SWEEP_OF_PATIENTS = Sweep("patients.imports", 3_600.0, sweep_imports)
