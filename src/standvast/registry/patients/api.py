"""What other modules may import from patients."""

from standvast.registry.patients.contributions import (
    CARDS,
    IMPORT_LANE,
    RAIL_OF_PATIENTS,
    RIGHTS_OF_PATIENTS,
    SUBSCRIPTION_OF_PATIENTS,
    SWEEP_OF_PATIENTS,
    PatientCard,
)
from standvast.registry.patients.operations.looking import look_at
from standvast.registry.patients.operations.merging import MergeNotPossible, merge, take_apart
from standvast.registry.patients.operations.registering import (
    NumberTaken,
    PatientData,
    Registered,
    correct,
    register,
)
from standvast.registry.patients.queries import (
    PatientNotFound,
    check_patient,
    patient_rows,
    patient_view,
    patient_with_number,
    patients_found,
)
from standvast.registry.patients.rules import Name, NameUse, Sex, System, check_number, search_of
from standvast.registry.patients.views import PatientRow, PatientView

__all__ = [
    "CARDS",
    "IMPORT_LANE",
    "RAIL_OF_PATIENTS",
    "RIGHTS_OF_PATIENTS",
    "SUBSCRIPTION_OF_PATIENTS",
    "SWEEP_OF_PATIENTS",
    "MergeNotPossible",
    "Name",
    "NameUse",
    "NumberTaken",
    "PatientCard",
    "PatientData",
    "PatientNotFound",
    "PatientRow",
    "PatientView",
    "Registered",
    "Sex",
    "System",
    "check_number",
    "check_patient",
    "correct",
    "look_at",
    "merge",
    "patient_rows",
    "patient_view",
    "patient_with_number",
    "patients_found",
    "register",
    "search_of",
    "take_apart",
]
