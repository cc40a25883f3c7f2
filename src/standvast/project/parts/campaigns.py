"""What ordering vaccines brings to the wiring."""

from standvast.care.campaigns import api as campaigns
from standvast.core.delivery.api import LANES
from standvast.core.health import api as health
from standvast.core.lobby.api import LobbyLive
from standvast.desk.status import api as status
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.project.watching import address, lane_probe
from standvast.registry.access import api as access
from standvast.web.api import RAIL
from standvast.web.live import LIVE


def lobby_live() -> LobbyLive:
    """Return the lobby's live routes, open to those who are signed in."""
    return LobbyLive(access.edge_actor)


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    lane = campaigns.CONFIRMATION_LANE
    return (
        access.RIGHTS.filled(*campaigns.RIGHTS_OF_CAMPAIGNS),
        RAIL.filled(*campaigns.RAIL_ITEMS),
        LANES.filled(lane),
        LIVE.filled(lobby_live, campaigns.CampaignsLive),
        status.FUNCTIONS.filled(
            status.Function("campaigns.order", marked("Ordering vaccines"), "ordering"),
        ),
        health.COMPONENTS.filled(*campaigns.PARTS),
        health.EDGES.filled(*campaigns.EDGES_OF_CAMPAIGNS),
        health.SWEEPS.filled(*campaigns.SWEEPS_OF_CAMPAIGNS),
        health.PROBES.filled(
            lane_probe(lane.name, "confirmation-mail"),
            lane_probe(lane.name, "confirmation-mail>mail"),
            health.http_probe("ordering.page", "ordering", url=lambda: address("/healthz")),
        ),
    )
