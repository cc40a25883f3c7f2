"""The tile on the first page, where people land after signing in: it asks nothing of anybody."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import may
from standvast.web.api import Tile


def tiles_of_dashboards(actor: Actor, now: datetime) -> Sequence[Tile]:
    """Return the tile for who sees dashboards; it counts nothing, so it cannot break a page."""
    del now
    if not may(actor, "dashboards.see"):
        return ()
    return (
        Tile(
            marked("Dashboard of chain care"),
            gettext("How much was done, by month, programme and activity."),
            reverse("dashboards:board"),
            icon="chart-line",
        ),
    )
