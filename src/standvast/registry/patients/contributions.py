"""What patients bring to rights and rail."""

from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

_CARERS = frozenset({Role.GP, Role.ASSISTANT, Role.PHARMACIST, Role.CARE_MANAGER})
RIGHTS_OF_PATIENTS = (
    Right("patients.see", _CARERS, marked("look at patients"), is_lent=False),
    Right("patients.edit", _CARERS, marked("register and correct patients"), is_lent=False),
)
RAIL_OF_PATIENTS = RailItem(marked("Patients"), "patients:search", "patients.see", "users")
