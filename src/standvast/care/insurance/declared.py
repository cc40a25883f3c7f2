"""What insurance brings to the wiring: rights, rail, parts and edges for the watch."""

from standvast.care.insurance.queries import to_look_at_count
from standvast.core.health.api import Component, Edge
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

_CARERS = frozenset({Role.GP, Role.ASSISTANT, Role.PHARMACIST, Role.CARE_MANAGER})
RIGHTS_OF_INSURANCE = (
    Right("insurance.see", _CARERS, marked("see whether patients are insured"), is_lent=False),
    Right("insurance.check", _CARERS, marked("ask whether patients are insured"), is_lent=False),
)
RAIL_OF_INSURANCE = RailItem(
    marked("Insurance"),
    "insurance:to_look_at",
    "insurance.see",
    "shield-check",
    count=lambda actor: to_look_at_count(actor.organisation_id),
)
PARTS = (
    Component("coverage", marked("Insurance checks"), "B"),
    Component("insurers", marked("The insurers' service"), "B"),
)
EDGES_OF_INSURANCE = (
    Edge(
        "coverage",
        "insurers",
        hard=True,
        still_works=marked(
            "Patients are registered and seen as usual; the last known answer is shown with its"
            " date, and checks follow by themselves."
        ),
    ),
)
