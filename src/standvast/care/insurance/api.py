"""What the composition root and drills may import from insurance."""

from standvast.care.insurance.cards import card_for
from standvast.care.insurance.declared import (
    EDGES_OF_INSURANCE,
    PARTS,
    RAIL_OF_INSURANCE,
    RIGHTS_OF_INSURANCE,
)
from standvast.care.insurance.destinations.coverage import COVERAGE_LANE
from standvast.care.insurance.hearing import EVENTS_LANE, SUBSCRIPTIONS_OF_INSURANCE
from standvast.care.insurance.operations.asking import CoverageNotSetUp, check_now
from standvast.care.insurance.probes import PROBES_OF_INSURANCE
from standvast.care.insurance.queries import coverage_view
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.views import CoverageView

__all__ = [
    "COVERAGE_LANE",
    "EDGES_OF_INSURANCE",
    "EVENTS_LANE",
    "PARTS",
    "PROBES_OF_INSURANCE",
    "RAIL_OF_INSURANCE",
    "RIGHTS_OF_INSURANCE",
    "SUBSCRIPTIONS_OF_INSURANCE",
    "CoverageNotSetUp",
    "CoverageView",
    "Status",
    "card_for",
    "check_now",
    "coverage_view",
]
