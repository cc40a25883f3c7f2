"""The one list of what the floors bring to each other. Explicit, no registration at import."""

from collections.abc import Iterator
from importlib import import_module

from django.conf import settings

from standvast.core.certificates.api import check_certificates
from standvast.core.delivery.api import LANES, MAIL_LANE, SUBSCRIPTIONS
from standvast.core.health import api as health
from standvast.core.health.api import HealthLive
from standvast.desk.certificates import api as certificates
from standvast.desk.incidents import api as incidents
from standvast.desk.lanes import api as lanes
from standvast.desk.releases import api as releases
from standvast.desk.reports import api as reports
from standvast.desk.status import api as status
from standvast.fhir import api as fhir
from standvast.kit.wiring import Filling, Wiring
from standvast.kit.words import marked
from standvast.project import evidence, reach, standing, watching
from standvast.project.texts import APPROVED_TEXTS
from standvast.registry.access import api as access
from standvast.registry.agreements import api as agreements
from standvast.registry.people import api as people
from standvast.registry.staff import api as staff
from standvast.registry.tidings import api as tidings
from standvast.web.api import (
    BELL,
    EVERYWHERE,
    LANGUAGE_CHOSEN,
    MAY,
    NOTICES,
    OFFERS,
    PUBLIC_NOTICES,
    RAIL,
    WHO,
    RailItem,
)
from standvast.web.live import LIVE


def _parts() -> Iterator[Filling]:
    """Yield what the services of this installation bring, each from its file in `parts`."""
    for name in settings.PARTS:
        part = import_module(f"standvast.project.parts.{name}")
        yield from part.fillings()


WIRING = Wiring(
    WHO.filled(access.who_looks),
    MAY.filled(access.may),
    fhir.SESSION.filled(access.maybe_actor_of),
    fhir.CHECK_MAY.filled(access.check_may),
    LANGUAGE_CHOSEN.filled(people.language_chosen),
    people.WORKPLACE.filled(access.workplace),
    people.PERSONAS.filled(access.demo_personas),
    people.RESET_HINDRANCE.filled(standing.reset_hindrance),
    status.FUNCTIONS.filled(standing.CHOOSING_A_PASSWORD),
    access.RIGHTS.filled(
        access.STAFF,
        access.HELP,
        *access.RIGHTS_OF_RULES,
        staff.RIGHT_TO_ASK,
        *agreements.RIGHTS_OF_AGREEMENTS,
        *status.DESK_RIGHTS,
        *lanes.RIGHTS,
        *certificates.RIGHTS,
        *incidents.RIGHTS_OF_INCIDENTS,
        *releases.RIGHTS_OF_RELEASES,
        *reports.RIGHTS_OF_REPORTS,
    ),
    access.STAFF_LINES.filled(staff.staff_lines),
    access.STAFF_LINKS.filled(staff.REQUESTS_LINK, agreements.AGREEMENTS_LINK),
    access.LEAVES.filled(staff.forget_leaver, tidings.forget_leaver),
    BELL.filled(tidings.bell),
    tidings.PENDING.filled(agreements.pending),
    RAIL.filled(
        access.HELP_RAIL,
        agreements.RAIL_OF_AGREEMENTS,
        RailItem(marked("Desk"), "desk:home", "desk.see", "activity"),
        *incidents.RAIL_OF_INCIDENTS,
        *lanes.RAIL_ITEMS,
        *certificates.RAIL_ITEMS,
        *releases.RAIL_OF_RELEASES,
        *access.RAIL_OF_RULES,
        *reports.RAIL_OF_REPORTS,
    ),
    OFFERS.filled(access.offers_on_refusal),
    NOTICES.filled(access.helping_notice, status.notices_for),
    PUBLIC_NOTICES.filled(status.public_notices),
    EVERYWHERE.filled("browser/status/notices.js"),
    status.PUBLIC_ENTRIES.filled(incidents.public_entries),
    status.OPEN_WORK.filled(incidents.open_work),
    releases.EVIDENCE.filled(*evidence.GATHERERS),
    releases.CALENDAR.filled(releases.Calendar(regions=(settings.REGION,))),
    incidents.CHANGES.filled(releases.changes_between),
    incidents.FOLLOW_UP.filled(reports.follow_up_of),
    incidents.TEXTS.filled(*APPROVED_TEXTS),
    incidents.REACH.filled(reach.everybody),
    LANES.filled(MAIL_LANE, people.ADDRESSES_LANE, incidents.PAGE_LANE, incidents.EVENTS_LANE),
    SUBSCRIPTIONS.filled(*incidents.SUBSCRIPTIONS_OF_INCIDENTS),
    LIVE.filled(access.AccessLive, HealthLive, status.StatusLive),
    health.COMPONENTS.filled(*watching.COMPONENTS, access.RULES),
    health.EDGES.filled(*watching.EDGES),
    health.PROBES.filled(*watching.probes(), *access.PROBES_OF_RULES),
    health.SWEEPS.filled(*watching.SWEEPS, access.SWEEP_OF_RULES),
    health.HEARERS.filled(incidents.on_finding),
    health.READY.filled(check_certificates),
    health.BLIND_HEARERS.filled(status.write_blind),
    health.FIGURES.filled(status.snapshot_figures, incidents.figures_of_incidents),
    *_parts(),
)
