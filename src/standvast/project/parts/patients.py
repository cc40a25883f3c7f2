"""What the register of patients brings to the wiring."""

from standvast.core.delivery.api import LANES, SUBSCRIPTIONS
from standvast.core.health.api import PROBES, SWEEPS
from standvast.fhir.api import RESOURCES
from standvast.kit.wiring import Filling
from standvast.project.watching import lane_probe
from standvast.registry.access import api as access
from standvast.registry.patients import api as patients
from standvast.web.api import RAIL


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*patients.RIGHTS_OF_PATIENTS),
        RAIL.filled(patients.RAIL_OF_PATIENTS),
        RESOURCES.filled(patients.PATIENT_RESOURCE),
        LANES.filled(patients.IMPORT_LANE),
        SUBSCRIPTIONS.filled(patients.SUBSCRIPTION_OF_PATIENTS),
        PROBES.filled(lane_probe(patients.IMPORT_LANE.name, "couriers")),
        SWEEPS.filled(patients.SWEEP_OF_PATIENTS),
    )
