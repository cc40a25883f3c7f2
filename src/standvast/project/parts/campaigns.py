"""What ordering vaccines brings to the wiring."""

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request

from standvast.care.campaigns import api as campaigns
from standvast.core.delivery.api import LANES
from standvast.core.health import api as health
from standvast.core.lobby import api as lobby
from standvast.desk.incidents import api as incidents
from standvast.desk.status import api as status
from standvast.kit.actor import Actor
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.project.reach import reach_rows
from standvast.registry.access import api as access
from standvast.registry.organisations import api as organisations
from standvast.registry.organisations.api import Kind
from standvast.web.api import RAIL
from standvast.web.live import LIVE

SERVED_BY = frozenset({"ordering", "confirmation-mail", "lobby"})
"""Components that serve whoever orders, and the office that leads the season."""


async def who_may_order(request: Request) -> Actor | None:
    """Return who asks, if they may order; nobody else takes a place in the lobby."""
    actor = await access.edge_actor(request)
    return actor if access.may(actor, "campaigns.order", layer=access.Layer.ROUTE) else None


def lobby_live() -> lobby.LobbyLive:
    """Return the lobby's live routes."""
    return lobby.LobbyLive(who_may_order)


def _troubles(now: datetime) -> float:
    """Return how many things in the lobbies are not as people were told."""
    return float(sum(trouble.count for trouble in lobby.lobby_troubles(now)))


def reach(component: str, variants: Sequence[str], now: datetime) -> incidents.Served | None:
    """Return whom ordering serves; the offices are told, and not called back: they lead it."""
    del variants
    if component not in SERVED_BY:
        return None
    served = campaigns.organisations_served(now)
    known = sorted(served)
    views = [
        view
        for first in range(0, len(known), organisations.VIEWS_MAX)
        for view in organisations.organisation_views(
            known[first : first + organisations.VIEWS_MAX]
        ).values()
    ]
    offices = organisations.organisations_of_kinds(Kind.OFFICE)
    used = frozenset(each for each, has_used in served.items() if has_used)
    return incidents.Served(
        (
            *reach_rows(views, now, affected=used),
            *reach_rows(offices, now, affected=()),
        )
    )


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*campaigns.RIGHTS_OF_CAMPAIGNS),
        RAIL.filled(*campaigns.RAIL_ITEMS),
        LANES.filled(campaigns.CONFIRMATION_LANE),
        LIVE.filled(lobby_live, campaigns.CampaignsLive),
        incidents.REACH.filled(reach),
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
