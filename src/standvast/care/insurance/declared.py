"""What insurance brings to the wiring: rights, rail, parts and edges for the watch."""

from standvast.care.insurance.operations.eligibility import (
    read_response,
    search_responses,
    submit_request,
)
from standvast.care.insurance.operations.nightly import begin_nights, forget_nights, go_on
from standvast.care.insurance.operations.reminding import remind
from standvast.care.insurance.queries.coverage import to_look_at_count
from standvast.care.insurance.records import CARE, CLAIM, COVERAGE
from standvast.core.health.api import Component, Edge, Sweep
from standvast.fhir.api import Param, ParamKind, Resource
from standvast.kit.words import marked
from standvast.registry.access.api import Grant, Right, Role
from standvast.web.api import RailItem

_CARERS = frozenset({Role.GP, Role.ASSISTANT, Role.PHARMACIST, Role.CARE_MANAGER})
_KEEPERS = frozenset({Role.OFFICE, Role.OPERATOR_LEAD})
"""Whoever answers for the programmes of an installation; its amounts are everybody's."""
RIGHTS_OF_INSURANCE = (
    Right(
        "insurance.see",
        _CARERS,
        marked("see whether patients are insured"),
        is_lent=False,
        grant=Grant.PATIENT_DATA,
        records=frozenset({COVERAGE}),
    ),
    Right(
        "insurance.check",
        _CARERS,
        marked("ask whether patients are insured"),
        is_lent=False,
        grant=Grant.PATIENT_DATA,
        records=frozenset({COVERAGE}),
    ),
    Right(
        "insurance.record",
        _CARERS,
        marked("record chain care"),
        is_lent=False,
        grant=Grant.PATIENT_DATA,
        records=frozenset({CARE}),
    ),
    Right(
        "insurance.claim",
        frozenset({Role.GP}),
        marked("claim for the practice"),
        is_lent=False,
        grant=Grant.FINANCIAL,
        is_granted_only=True,
        records=frozenset({CLAIM}),
    ),
    Right(
        "insurance.tariffs",
        frozenset({Role.GP, *_KEEPERS}),
        marked("see what programmes pay"),
        is_lent=False,
    ),
    Right("insurance.keep_tariffs", _KEEPERS, marked("say what programmes pay"), is_lent=False),
)
RAIL_OF_INSURANCE = RailItem(
    marked("Insurance"),
    "insurance:to_look_at",
    "insurance.see",
    "shield-check",
    count=lambda actor: to_look_at_count(actor.organisation_id),
)
RAIL_OF_CLAIMS = RailItem(marked("Claims"), "insurance:claims", "insurance.claim", "file-text")
RAIL_OF_TARIFFS = RailItem(
    marked("Tariffs"), "insurance:tariffs", "insurance.keep_tariffs", "scale"
)
PARTS = (
    Component("claims", marked("Claims"), "C"),
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
    Edge(
        "claims",
        "insurers",
        hard=True,
        still_works=marked(
            "Claims are prepared, decided about and submitted as usual; what was submitted is kept"
            " and sent by itself."
        ),
    ),
)
SWEEPS_OF_INSURANCE = (
    Sweep("insurance.nights.begin", 60.0, begin_nights),
    Sweep("insurance.nights.go_on", 2.0, go_on, deadline_s=20.0),
    Sweep("insurance.nights.forget", 3_600.0, forget_nights),
    Sweep("insurance.remind", 300.0, remind, deadline_s=60.0),
)
RESOURCES_OF_INSURANCE = (
    Resource(
        "CoverageEligibilityRequest",
        "insurance.see",
        "Whether a patient is insured today. The answer to it is a CoverageEligibilityResponse: at"
        " once, with what is known; while its outcome is queued, read it again.",
        create=submit_request,
        create_right="insurance.check",
    ),
    Resource(
        "CoverageEligibilityResponse",
        "insurance.see",
        "How a patient's insurance stands: the last answer, its age, and whether one is awaited.",
        read=read_response,
        search=search_responses,
        params=(Param("patient", ParamKind.REFERENCE, "One patient, as Patient/id."),),
    ),
)
