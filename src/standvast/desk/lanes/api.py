"""What the composition root imports from the page "Lanes"."""

from standvast.core.delivery.api import needs_person_count
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

RIGHTS = (
    Right(
        "desk.lanes.see",
        frozenset({Role.OPERATOR, Role.OPERATOR_LEAD}),
        marked("see how lanes stand"),
    ),
    Right(
        "desk.lanes.act",
        frozenset({Role.OPERATOR, Role.OPERATOR_LEAD}),
        marked("pause lanes and retry deliveries"),
    ),
)


def _count(actor: Actor) -> int | None:
    return needs_person_count()


RAIL_ITEMS = (RailItem(marked("Lanes"), "lanes:all", "desk.lanes.see", "truck", _count),)

__all__ = ["RAIL_ITEMS", "RIGHTS"]
