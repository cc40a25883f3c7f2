"""What launches bring to the wiring: rights, rail, parts for the watch, sweeps."""

from standvast.care.launches.operations.forgetting import forget_hours, forget_tokens
from standvast.core.health.api import Component, Sweep
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

_CARERS = frozenset({Role.GP, Role.ASSISTANT, Role.PHARMACIST, Role.CARE_MANAGER})
RIGHTS_OF_LAUNCHES = (
    Right("launches.go", _CARERS, marked("click through to other systems"), is_lent=False),
    Right(
        "desk.launches.see",
        frozenset({Role.OPERATOR, Role.OPERATOR_LEAD}),
        marked("see which systems people click through to"),
    ),
    Right(
        "desk.launches.act",
        frozenset({Role.OPERATOR_LEAD}),
        marked("add and change systems that people click through to"),
    ),
)
RAIL_OF_LAUNCHES = (
    RailItem(marked("Other systems"), "launches:all", "launches.go", "external-link"),
    RailItem(marked("Launches"), "launches:desk", "desk.launches.see", "route"),
)
PARTS = (Component("launches", marked("Clicking through between systems"), "A"),)
SWEEPS_OF_LAUNCHES = (
    Sweep("launches.tokens", 60.0, forget_tokens),
    Sweep("launches.hours", 3_600.0, forget_hours),
)
