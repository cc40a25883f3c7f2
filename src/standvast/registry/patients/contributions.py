"""What patients bring to rights and rail, and what others bring to a patient's page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
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
