"""What reports bring to the frame: rights and the rail."""

from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

DESK = frozenset({Role.OPERATOR, Role.OPERATOR_LEAD})
RIGHTS_OF_REPORTS = (
    Right("desk.reports.see", DESK, marked("read outage reports")),
    Right("desk.reports.write", DESK, marked("write outage reports")),
    Right("desk.reports.approve", frozenset({Role.OPERATOR_LEAD}), marked("approve reports")),
)
RAIL_OF_REPORTS = (RailItem(marked("Reports"), "reports:all", "desk.reports.see", "scroll-text"),)
