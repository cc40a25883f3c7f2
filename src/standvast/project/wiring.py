"""The one list of what the floors bring to each other. Explicit, no registration at import."""

from standvast.care.campaigns import api as campaigns
from standvast.core.delivery.api import LANES, MAIL_LANE
from standvast.core.health import api as health
from standvast.core.health.api import HealthLive
from standvast.core.lobby.api import LobbyLive
from standvast.desk.incidents import api as incidents
from standvast.desk.lanes import api as lanes
from standvast.desk.status import api as status
from standvast.kit.wiring import Wiring
from standvast.kit.words import marked
from standvast.project import watching
from standvast.registry.access import api as access
from standvast.registry.people import api as people
from standvast.web.api import LANGUAGE_CHOSEN, MAY, NOTICES, PUBLIC_NOTICES, RAIL, WHO, RailItem
from standvast.web.live import LIVE


def lobby_live() -> LobbyLive:
    """Return the lobby's live routes, open to those who may order."""
    return LobbyLive(access.edge_actor)


WIRING = Wiring(
    WHO.filled(access.who_looks),
    MAY.filled(access.may),
    LANGUAGE_CHOSEN.filled(people.language_chosen),
    people.WORKPLACE.filled(access.workplace),
    people.PERSONAS.filled(access.demo_personas),
    access.RIGHTS.filled(
        access.STAFF,
        access.HELP,
        *campaigns.RIGHTS_OF_CAMPAIGNS,
        *status.DESK_RIGHTS,
        *lanes.RIGHTS,
    ),
    RAIL.filled(
        *campaigns.RAIL_ITEMS,
        access.HELP_RAIL,
        RailItem(marked("Desk"), "desk:home", "desk.see", "activity"),
        *lanes.RAIL_ITEMS,
    ),
    NOTICES.filled(access.helping_notice, status.notices_for),
    PUBLIC_NOTICES.filled(status.public_notices),
    status.FUNCTIONS.filled(
        status.Function("campaigns.order", marked("Ordering vaccines"), "ordering"),
    ),
    LANES.filled(MAIL_LANE, campaigns.CONFIRMATION_LANE),
    LIVE.filled(
        access.AccessLive, HealthLive, status.StatusLive, lobby_live, campaigns.CampaignsLive
    ),
    health.COMPONENTS.filled(*watching.COMPONENTS),
    health.EDGES.filled(*watching.EDGES),
    health.PROBES.filled(*watching.probes()),
    health.SWEEPS.filled(*watching.SWEEPS),
    health.HEARERS.filled(incidents.on_finding),
)
