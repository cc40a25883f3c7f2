"""What releases bring: rights, the rail, what was changed before an incident."""

from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

DESK = frozenset({Role.OPERATOR, Role.OPERATOR_LEAD})
RIGHTS_OF_RELEASES = (
    Right("desk.releases.see", DESK, marked("see releases")),
    Right("desk.releases.act", DESK, marked("plan, start and take back releases")),
    Right("desk.releases.approve", frozenset({Role.OPERATOR_LEAD}), marked("approve releases")),
)
RAIL_OF_RELEASES = (RailItem(marked("Releases"), "releases:all", "desk.releases.see", "package"),)
