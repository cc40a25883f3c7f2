"""Insurance: everything in it is about one's own patients."""

from dataclasses import replace
from datetime import UTC, datetime

from standvast.care.insurance.testing import (
    a_bundle,
    a_tariff,
    an_enrolled_patient,
    lines_about,
    something_done,
)
from standvast.kit.actor import Actor
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import AtWork, Expect
from standvast.registry.patients.testing import a_patient

SEE, CHECK = "insurance.see", "insurance.check"
RECORD, CLAIM = "insurance.record", "insurance.claim"
TARIFFS, KEEP = "insurance.tariffs", "insurance.keep_tariffs"


def patient_of(own: AtWork) -> dict[str, object]:
    """Return a patient of this organisation."""
    return {"patient_id": a_patient(own.actor, datetime.now(UTC)).patient_id}


def bundle_of(own: AtWork) -> dict[str, object]:
    """Return a bundle of this organisation."""
    return {"bundle_id": a_bundle(own.actor)}


def file_of(own: AtWork) -> dict[str, object]:
    """Return a bundle of which nothing went yet, so that there is no file."""
    return {"bundle_id": a_bundle(own.actor), "version": 1, "written_as": "fhir"}


def carer_at(own: AtWork) -> Actor:
    """Return somebody there who may record chain care; what they record is the organisation's."""
    return replace(own.actor, role=Role.GP.value)


def line_of(own: AtWork) -> dict[str, object]:
    """Return a claim line of this organisation."""
    patient_id = an_enrolled_patient(carer_at(own))
    bundle_id = a_bundle(own.actor)
    return {"line_id": next(line for line in lines_about(bundle_id, patient_id))}


def activity_of(own: AtWork) -> dict[str, object]:
    """Return something that was done by this organisation."""
    return {"activity_id": something_done(carer_at(own))}


def tariff_of(own: AtWork) -> dict[str, object]:
    """Return a tariff: of the installation, whoever asks."""
    return {"tariff_id": a_tariff(own.actor)}


TABLE: dict[str, Expect] = {
    "insurance/": Expect(SEE),
    "insurance/nights/": Expect(SEE),
    "insurance/nights/now/": Expect(SEE),
    "insurance/nights/begin/": Expect(CHECK, ("POST",)),
    "insurance/<uuid:patient_id>/check/": Expect(CHECK, ("POST",), ids=patient_of),
    "insurance/<uuid:patient_id>/now/": Expect(SEE, ids=patient_of),
    "claims/": Expect(CLAIM),
    "claims/prepare/": Expect(CLAIM, ("POST",)),
    "claims/tariffs/": Expect(TARIFFS),
    "claims/tariffs/set/": Expect(KEEP, ("POST",)),
    "claims/tariffs/<uuid:tariff_id>/take-back/": Expect(
        KEEP, ("POST",), ids=tariff_of, is_shared=True
    ),
    "claims/partners/": Expect(CLAIM, ("GET", "POST")),
    "claims/patients/<uuid:patient_id>/enrol/": Expect(RECORD, ("POST",), ids=patient_of),
    "claims/patients/<uuid:patient_id>/leave/": Expect(RECORD, ("POST",), ids=patient_of),
    "claims/patients/<uuid:patient_id>/activity/": Expect(RECORD, ("POST",), ids=patient_of),
    "claims/activities/<uuid:activity_id>/withdraw/": Expect(RECORD, ("POST",), ids=activity_of),
    "claims/lines/<uuid:line_id>/": Expect(CLAIM, ids=line_of),
    "claims/lines/<uuid:line_id>/correct/": Expect(CLAIM, ("POST",), ids=line_of),
    "claims/lines/<uuid:line_id>/credit/": Expect(CLAIM, ("POST",), ids=line_of),
    "claims/<uuid:bundle_id>/": Expect(CLAIM, ids=bundle_of),
    "claims/<uuid:bundle_id>/sums/": Expect(CLAIM, ids=bundle_of),
    "claims/<uuid:bundle_id>/validate/": Expect(CLAIM, ("POST",), ids=bundle_of),
    "claims/<uuid:bundle_id>/ask/": Expect(CLAIM, ("POST",), ids=bundle_of),
    "claims/<uuid:bundle_id>/decide/": Expect(CLAIM, ("POST",), ids=bundle_of),
    "claims/<uuid:bundle_id>/back/": Expect(CLAIM, ("POST",), ids=bundle_of),
    "claims/<uuid:bundle_id>/submit/": Expect(CLAIM, ("GET", "POST"), ids=bundle_of),
    "claims/<uuid:bundle_id>/paid/": Expect(CLAIM, ids=bundle_of),
    "claims/<uuid:bundle_id>/paid.csv": Expect(CLAIM, ids=bundle_of),
    "claims/<uuid:bundle_id>/<int:version>/<slug:written_as>/": Expect(
        CLAIM, ids=file_of, also=("refused",)
    ),
}
