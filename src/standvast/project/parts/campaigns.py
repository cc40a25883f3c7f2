"""What ordering vaccines brings to the wiring."""

from datetime import datetime

from starlette.requests import Request

from standvast.care.campaigns import api as campaigns
from standvast.core.delivery.api import LANES
from standvast.core.health import api as health
from standvast.core.lobby import api as lobby
from standvast.desk.status import api as status
from standvast.kit.actor import Actor
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.registry.access import api as access
from standvast.web.api import RAIL
from standvast.web.live import LIVE


async def who_may_order(request: Request) -> Actor | None:
    """Return who asks, if they may order; nobody else takes a place in the lobby."""
    actor = await access.edge_actor(request)
    return actor if access.may(actor, "campaigns.order") else None


def lobby_live() -> lobby.LobbyLive:
    """Return the lobby's live routes."""
    return lobby.LobbyLive(who_may_order)


def _troubles(now: datetime) -> float:
    """Return how many things in the lobbies are not as people were told."""
    return float(sum(trouble.count for trouble in lobby.lobby_troubles(now)))


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*campaigns.RIGHTS_OF_CAMPAIGNS),
        RAIL.filled(*campaigns.RAIL_ITEMS),
        LANES.filled(campaigns.CONFIRMATION_LANE),
        LIVE.filled(lobby_live, campaigns.CampaignsLive),
        lobby.FREE_PLACES.filled(campaigns.free_places),
        status.FUNCTIONS.filled(
            status.Function("campaigns.order", marked("Ordering vaccines"), "ordering"),
        ),
        health.COMPONENTS.filled(
            *campaigns.PARTS, health.Component("lobby", marked("The lobby"), "A")
        ),
        health.EDGES.filled(*campaigns.EDGES_OF_CAMPAIGNS),
        health.SWEEPS.filled(*campaigns.SWEEPS_OF_CAMPAIGNS),
        health.PROBES.filled(
            *campaigns.PROBES_OF_CAMPAIGNS,
            health.figure_probe(
                "lobby.honest",
                "lobby",
                read=health.from_django(_troubles),
                red_over=0.0,
                template=marked("{figure} things in the lobby are not as people were told."),
                code="lobby.not_honest",
            ),
        ),
    )
