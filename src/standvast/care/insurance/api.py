"""What the composition root and drills may import from insurance."""

from standvast.care.insurance.cards import card_for
from standvast.care.insurance.carecards import care_card_for
from standvast.care.insurance.declared import (
    EDGES_OF_INSURANCE,
    PARTS,
    RAIL_OF_CLAIMS,
    RAIL_OF_INSURANCE,
    RAIL_OF_TARIFFS,
    RESOURCES_OF_INSURANCE,
    RIGHTS_OF_INSURANCE,
    SWEEPS_OF_INSURANCE,
)
from standvast.care.insurance.destinations.claims import ANSWERS_LANE, CLAIMS_LANE
from standvast.care.insurance.destinations.coverage import COVERAGE_LANE
from standvast.care.insurance.hearing import EVENTS_LANE, SUBSCRIPTIONS_OF_INSURANCE
from standvast.care.insurance.operations.asking import CoverageNotSetUp, check_now
from standvast.care.insurance.operations.nightly import NightUnderWay, begin_night
from standvast.care.insurance.operations.preparing import prepare, validate
from standvast.care.insurance.probes import PROBES_OF_INSURANCE
from standvast.care.insurance.queries.care import activities_between, enrolments_between
from standvast.care.insurance.queries.counting import (
    CareCount,
    care_counts,
    enrolled_counts,
)
from standvast.care.insurance.queries.coverage import coverage_view
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.programmes import ACTIVITIES, PROGRAMMES
from standvast.care.insurance.rules.quarters import Quarter, quarter_of
from standvast.care.insurance.told import CARE, DEEDS, KIND
from standvast.care.insurance.views import ActivityRow, CoverageView, EnrolmentRow

__all__ = [
    "ACTIVITIES",
    "ANSWERS_LANE",
    "CARE",
    "CLAIMS_LANE",
    "COVERAGE_LANE",
    "DEEDS",
    "EDGES_OF_INSURANCE",
    "EVENTS_LANE",
    "KIND",
    "PARTS",
    "PROBES_OF_INSURANCE",
    "PROGRAMMES",
    "RAIL_OF_CLAIMS",
    "RAIL_OF_INSURANCE",
    "RAIL_OF_TARIFFS",
    "RESOURCES_OF_INSURANCE",
    "RIGHTS_OF_INSURANCE",
    "SUBSCRIPTIONS_OF_INSURANCE",
    "SWEEPS_OF_INSURANCE",
    "ActivityRow",
    "CareCount",
    "CoverageNotSetUp",
    "CoverageView",
    "EnrolmentRow",
    "NightUnderWay",
    "Quarter",
    "Status",
    "activities_between",
    "begin_night",
    "card_for",
    "care_card_for",
    "care_counts",
    "check_now",
    "coverage_view",
    "enrolled_counts",
    "enrolments_between",
    "prepare",
    "quarter_of",
    "validate",
]
