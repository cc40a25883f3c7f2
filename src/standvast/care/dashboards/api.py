"""What the composition root may import from dashboards. No care service does: decision 0025."""

from standvast.care.dashboards.declared import (
    COMPONENT,
    PARTS,
    RAIL_OF_DASHBOARDS,
    RIGHT_OF_DASHBOARDS,
    SOURCES,
    Source,
)
from standvast.care.dashboards.probes import PROBES_OF_DASHBOARDS
from standvast.care.dashboards.queries import looked_since
from standvast.care.dashboards.rules.cells import Cell, Measure, Window, window_at
from standvast.care.dashboards.tiles import tiles_of_dashboards

__all__ = [
    "COMPONENT",
    "PARTS",
    "PROBES_OF_DASHBOARDS",
    "RAIL_OF_DASHBOARDS",
    "RIGHT_OF_DASHBOARDS",
    "SOURCES",
    "Cell",
    "Measure",
    "Source",
    "Window",
    "looked_since",
    "tiles_of_dashboards",
    "window_at",
]
