"""What campaigns bring to the wiring: rights, rail, parts and edges for the watch, sweeps."""

from standvast.care.campaigns.operations.holds import sweep
from standvast.core.health.api import Component, Edge, Sweep
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

RIGHTS_OF_CAMPAIGNS = (
    Right(
        "campaigns.see",
        frozenset({Role.GP, Role.ASSISTANT, Role.CARE_MANAGER, Role.OFFICE}),
        marked("see seasons and orders"),
    ),
    Right(
        "campaigns.order",
        frozenset({Role.GP, Role.ASSISTANT, Role.CARE_MANAGER}),
        marked("order vaccines"),
    ),
    Right(
        "campaigns.office",
        frozenset({Role.OFFICE}),
        marked("prepare and lead a season"),
    ),
)

RAIL_ITEMS = (
    RailItem(marked("Vaccines"), "campaigns:seasons", "campaigns.order", "syringe"),
    RailItem(marked("Seasons"), "campaigns_office:seasons", "campaigns.office", "calendar"),
)

PARTS = (
    Component("ordering", marked("Ordering vaccines"), "A"),
    Component("confirmation-mail", marked("Mails that confirm an order"), "B"),
)

EDGES_OF_CAMPAIGNS = (
    Edge(
        "confirmation-mail",
        "mail",
        hard=True,
        still_works=marked("Orders stand when they are confirmed on screen; only mails wait."),
    ),
)

SWEEPS_OF_CAMPAIGNS = (Sweep("campaigns.holds", 1.0, sweep, deadline_s=10.0),)
