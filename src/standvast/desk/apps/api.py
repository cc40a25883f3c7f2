"""What the composition root imports from the pages "Apps"."""

from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

RIGHTS = (
    Right(
        "desk.apps.see",
        frozenset({Role.OPERATOR, Role.OPERATOR_LEAD}),
        marked("see which apps people can let in, and where"),
    ),
    Right(
        "desk.apps.act",
        frozenset({Role.OPERATOR_LEAD}),
        marked("register apps, close them, and say where they are used"),
    ),
)
RAIL_ITEMS = (RailItem(marked("Apps"), "apps:all", "desk.apps.see", "external-link"),)

__all__ = ["RAIL_ITEMS", "RIGHTS"]
