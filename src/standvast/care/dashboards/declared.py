"""What dashboards take from others, and what they bring to the wiring."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from standvast.care.dashboards.rules.cells import Cell, Window
from standvast.core.health.api import Component
from standvast.kit.wiring import Slot
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

COMPONENT = "dashboards"


@dataclass(frozen=True)
class Source:
    """Somebody who can count what was done in an organisation.

    `count(organisation_id, window)` returns a cell for each activity and month, for each quarter
    that lies whole in the window, and for the whole window; none where nothing was done. It is
    asked inside a transaction with its own bound on time, and only reads.
    """

    count: Callable[[uuid.UUID, Window], Sequence[Cell]]
    titles: Mapping[str, str]
    """Marked titles of programmes and codes; a code without one is shown as it is."""


SOURCES: Slot[Source] = Slot("dashboards.sources")

RIGHT_OF_DASHBOARDS = Right(
    "dashboards.see",
    frozenset({Role.GP, Role.CARE_MANAGER}),
    marked("see the dashboard of chain care"),
    is_lent=False,
)
RAIL_OF_DASHBOARDS = RailItem(
    marked("Dashboard"), "dashboards:board", "dashboards.see", "chart-line"
)
"""Without a count: it would be asked on everybody's pages."""
PARTS = (Component(COMPONENT, marked("The dashboard"), "C"),)
