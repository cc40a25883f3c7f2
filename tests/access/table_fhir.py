"""FHIR: each kind of resource by the right of its module, and one's own only."""

from standvast.registry.access.testing import AtWork, Expect, Who
from tests.access.table_patients import patient_of as a_patient_of

SEE = "patients.see"


def patient_of(own: AtWork) -> dict[str, object]:
    """Return a patient of this organisation."""
    return {"resource_id": a_patient_of(own)["patient_id"]}


def coverage_of(own: AtWork) -> dict[str, object]:
    """Return what is known of the insurance of a patient of this organisation."""
    from standvast.care.insurance.models import Coverage

    patient_id = a_patient_of(own)["patient_id"]
    row = Coverage.objects.create(organisation_id=own.organisation.id, patient_id=patient_id)
    return {"resource_id": row.id}


def colleague_of(own: AtWork) -> dict[str, object]:
    """Return somebody who works there."""
    return {"resource_id": own.person.id}


TABLE: dict[str, Expect] = {
    "fhir/metadata": Expect(Who.EVERYBODY),
    "fhir/Patient": Expect(SEE),
    "fhir/Patient/_search": Expect(SEE, ("POST",)),
    "fhir/Patient/<uuid:resource_id>": Expect(SEE, ids=patient_of),
    "fhir/CoverageEligibilityRequest": Expect("insurance.check", ("POST",)),
    "fhir/CoverageEligibilityResponse": Expect("insurance.see"),
    "fhir/CoverageEligibilityResponse/_search": Expect("insurance.see", ("POST",)),
    "fhir/CoverageEligibilityResponse/<uuid:resource_id>": Expect("insurance.see", ids=coverage_of),
    "fhir/Practitioner/<uuid:resource_id>": Expect("access.colleagues", ids=colleague_of),
    "fhir/<path:rest>": Expect(
        Who.EVERYBODY, ids=lambda _: {"rest": "Nothing/1"}, is_shared=True, absent=True
    ),
}
