"""Insurance: everything in it is about one's own patients."""

from datetime import UTC, datetime

from standvast.registry.access.testing import AtWork, Expect
from standvast.registry.patients.testing import a_patient

SEE, CHECK = "insurance.see", "insurance.check"


def patient_of(own: AtWork) -> dict[str, object]:
    """Return a patient of this organisation."""
    return {"patient_id": a_patient(own.actor, datetime.now(UTC)).patient_id}


TABLE: dict[str, Expect] = {
    "insurance/": Expect(SEE),
    "insurance/<uuid:patient_id>/check/": Expect(CHECK, ("POST",), ids=patient_of),
    "insurance/<uuid:patient_id>/now/": Expect(SEE, ids=patient_of),
}
