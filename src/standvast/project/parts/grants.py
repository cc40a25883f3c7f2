"""What grants bring to the wiring."""

from collections.abc import Sequence
from datetime import datetime

from standvast.core.health import api as health
from standvast.desk.apps import api as apps
from standvast.desk.incidents import api as incidents
from standvast.desk.status import api as status
from standvast.fhir.api import BEARER, RESOURCES
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.project.reach import reach_rows
from standvast.registry.access import api as access
from standvast.registry.grants import api as grants
from standvast.registry.organisations import api as organisations
from standvast.registry.patients import api as patients
from standvast.web.api import RAIL


def reach(component: str, variants: Sequence[str], now: datetime) -> incidents.Served | None:
    """Return whom signing in to others serves: organisations that use an app."""
    del variants
    if component != "sign-on":
        return None
    used = sorted(grants.organisations_with_apps())[: organisations.VIEWS_MAX]
    views = organisations.organisation_views(used).values()
    return incidents.Served(reach_rows(views, now, affected=frozenset(used)))


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*apps.RIGHTS, access.COLLEAGUES),
        RESOURCES.filled(access.PRACTITIONER_RESOURCE),
        RAIL.filled(*apps.RAIL_ITEMS),
        access.LEAVES.filled(grants.forget_leaver),
        BEARER.filled(grants.granted_by),
        patients.CARDS.filled(grants.card_for),
        incidents.REACH.filled(reach),
        status.FUNCTIONS.filled(
            status.Function("apps.sign_on", marked("Signing in to other apps with us"), "sign-on"),
        ),
        health.COMPONENTS.filled(*grants.PARTS),
        health.PROBES.filled(*grants.PROBES_OF_GRANTS),
        health.SWEEPS.filled(*grants.SWEEPS_OF_GRANTS),
    )
