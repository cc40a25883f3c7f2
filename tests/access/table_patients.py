"""The register of patients: everything in it is one's own."""

from collections.abc import Mapping
from datetime import UTC, datetime

from standvast.registry.access.testing import AtWork, Expect
from standvast.registry.patients.testing import a_list, a_patient

BOTH = ("GET", "POST")
SEE, EDIT = "patients.see", "patients.edit"


def patient_of(own: AtWork) -> Mapping[str, object]:
    """Return a patient of this organisation."""
    return {"patient_id": a_patient(own.actor, datetime.now(UTC)).patient_id}


def list_of(own: AtWork) -> Mapping[str, object]:
    """Return a list that this organisation handed in."""
    return {"import_id": a_list(own.actor, datetime.now(UTC))}


TABLE: dict[str, Expect] = {
    "patients/": Expect(SEE, BOTH),
    "patients/new/": Expect(EDIT, BOTH),
    "patients/import/": Expect(EDIT, BOTH),
    "patients/import/<uuid:import_id>/": Expect(EDIT, ids=list_of),
    "patients/import/<uuid:import_id>/now/": Expect(EDIT, ids=list_of),
    "patients/import/<uuid:import_id>/report/": Expect(EDIT, ids=list_of),
    "patients/<uuid:patient_id>/": Expect(SEE, ids=patient_of),
    "patients/<uuid:patient_id>/change/": Expect(EDIT, BOTH, ids=patient_of),
    "patients/<uuid:patient_id>/double/": Expect(EDIT, BOTH, ids=patient_of),
    "patients/<uuid:patient_id>/merge/": Expect(EDIT, ("POST",), ids=patient_of),
    "patients/<uuid:patient_id>/apart/": Expect(EDIT, ("POST",), ids=patient_of),
    "patients/<uuid:patient_id>/looks/": Expect(SEE, ids=patient_of),
}
