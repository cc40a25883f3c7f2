"""What patients bring to rights, rail, lanes, sweeps and FHIR, and others to a patient's page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from standvast.core.delivery.api import Subscription, subscriber_lane
from standvast.core.health.api import Sweep
from standvast.events.patients import SliceHandedIn
from standvast.fhir.api import Param, ParamKind, Resource
from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot
from standvast.kit.words import marked
from standvast.registry.access.api import Grant, Right, Role
from standvast.registry.patients.operations.importing import (
    LANE,
    on_slice_handed_in,
    sweep_imports,
)
from standvast.registry.patients.operations.showing import read_patient, search_patients
from standvast.registry.patients.rows import RECORD
from standvast.web.api import RailItem


@dataclass(frozen=True, slots=True)
class PatientCard:
    """One card on a patient's page: a fragment of its module, which is given it as `card`."""

    template: str
    card: object


DEEDS: Slot[tuple[str, str]] = Slot("patients.deeds")
"""What others write down of a patient: the event, and marked what it says to the patient."""
LOOK_KINDS: Slot[str] = Slot("patients.look_kinds")
"""Kinds of record under which others write down a look at a patient, by the patient's id."""
CARDS: Slot[Callable[[Actor, uuid.UUID, datetime], PatientCard | None]] = Slot("patients.cards")
"""Each returns its card about a patient; None for who may not see it."""

_CARERS = frozenset({Role.GP, Role.ASSISTANT, Role.PHARMACIST, Role.CARE_MANAGER})
RIGHTS_OF_PATIENTS = (
    Right(
        "patients.see",
        _CARERS,
        marked("look at patients"),
        is_lent=False,
        grant=Grant.PATIENT_DATA,
        records=frozenset({RECORD}),
        is_breakable=True,
    ),
    Right(
        "patients.edit",
        _CARERS,
        marked("register and correct patients"),
        is_lent=False,
        grant=Grant.PATIENT_DATA,
        records=frozenset({RECORD}),
    ),
)
RAIL_OF_PATIENTS = RailItem(marked("Patients"), "patients:search", "patients.see", "users")
IMPORT_LANE = subscriber_lane(LANE, title=marked("Lists of patients"))
SUBSCRIPTION_OF_PATIENTS = Subscription(SliceHandedIn, IMPORT_LANE.name, on_slice_handed_in)
SWEEP_OF_PATIENTS = Sweep("patients.imports", 3_600.0, sweep_imports)
PATIENT_RESOURCE = Resource(
    "Patient",
    "patients.see",
    "The patients of one's own organisation. Each look is written down; the patient can ask who.",
    read=read_patient,
    search=search_patients,
    params=(
        Param("_id", ParamKind.TOKEN, "Ids, at most 50, with commas between them."),
        Param("identifier", ParamKind.TOKEN, "One of the patient's numbers.", is_secret=True),
        Param("name", ParamKind.STRING, "The beginning of any part of a name.", is_repeatable=True),
        Param("birthdate", ParamKind.DATE, "The whole day of birth."),
    ),
)
