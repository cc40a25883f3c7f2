"""What insurance brings to the wiring."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from standvast.care.insurance import api as insurance
from standvast.core.certificates import api as certificates
from standvast.core.delivery.api import LANES, SUBSCRIPTIONS
from standvast.core.health import api as health
from standvast.desk.incidents import api as incidents
from standvast.desk.status import api as status
from standvast.fhir import api as fhir
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.project.reach import KNOWN_MAX, reach_rows
from standvast.registry.access import api as access
from standvast.registry.organisations import api as organisations
from standvast.registry.organisations.api import Kind
from standvast.registry.patients import api as patients
from standvast.web.api import RAIL

COVERAGE_CERTIFICATE = certificates.Purpose(
    name="coverage",
    title=marked("Asking insurers about coverage"),
    owner=marked("Whoever runs this installation"),
    stops=marked("Coverage is not asked; people are registered and treated as always."),
    peer=lambda: certificates.peer_at(settings.COVERAGE_URL, settings.COVERAGE_CA),
    issuers=lambda: {
        certificates.Environment(name): pem for name, pem in settings.COVERAGE_ISSUERS.items()
    },
    number=lambda: str(settings.COVERAGE_NUMBER),
    target="coverage>insurers",
)
SERVED_BY = frozenset({"claims", "coverage", "insurers"})
SERVED = (Kind.PRACTICE, Kind.POST, Kind.PHARMACY, Kind.CARE, Kind.HOSPITAL)
"""Kinds of organisation that see patients."""


def reach(component: str, variants: Sequence[str], now: datetime) -> incidents.Served | None:
    """Return whom insurance serves: everybody who registers patients."""
    del variants
    if component not in SERVED_BY:
        return None
    views = organisations.organisations_of_kinds(*SERVED, limit=KNOWN_MAX)
    return incidents.Served(reach_rows(views, now, affected={view.id for view in views}))


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*insurance.RIGHTS_OF_INSURANCE),
        RAIL.filled(
            insurance.RAIL_OF_INSURANCE, insurance.RAIL_OF_CLAIMS, insurance.RAIL_OF_TARIFFS
        ),
        LANES.filled(
            insurance.COVERAGE_LANE,
            insurance.EVENTS_LANE,
            insurance.CLAIMS_LANE,
            insurance.ANSWERS_LANE,
        ),
        SUBSCRIPTIONS.filled(*insurance.SUBSCRIPTIONS_OF_INSURANCE),
        patients.DEEDS.filled(*insurance.DEEDS),
        patients.LOOK_KINDS.filled(insurance.KIND, insurance.CARE),
        patients.CARDS.filled(insurance.card_for, insurance.care_card_for),
        incidents.REACH.filled(reach),
        status.FUNCTIONS.filled(
            status.Function("insurance.check", marked("Checking insurance"), "coverage"),
            status.Function("insurance.claim", marked("Submitting claims"), "claims"),
        ),
        health.COMPONENTS.filled(*insurance.PARTS),
        health.EDGES.filled(*insurance.EDGES_OF_INSURANCE),
        fhir.RESOURCES.filled(*insurance.RESOURCES_OF_INSURANCE),
        health.SWEEPS.filled(*insurance.SWEEPS_OF_INSURANCE),
        certificates.PURPOSES.filled(COVERAGE_CERTIFICATE),
        health.PROBES.filled(
            *insurance.PROBES_OF_INSURANCE,
            *certificates.certificate_probes(COVERAGE_CERTIFICATE),
        ),
    )
