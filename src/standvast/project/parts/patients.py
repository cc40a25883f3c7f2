"""What the register of patients brings to the wiring."""

from standvast.kit.wiring import Filling
from standvast.registry.access import api as access
from standvast.registry.patients import api as patients
from standvast.web.api import RAIL


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*patients.RIGHTS_OF_PATIENTS),
        RAIL.filled(patients.RAIL_OF_PATIENTS),
    )
