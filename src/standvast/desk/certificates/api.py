"""What the composition root imports from the pages "Certificates"."""

from standvast.core.certificates.api import needs_someone_count
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

RIGHTS = (
    Right(
        "desk.certificates.see",
        frozenset({Role.OPERATOR, Role.OPERATOR_LEAD}),
        marked("see which certificates we show, and how long they last"),
    ),
    Right(
        "desk.certificates.act",
        frozenset({Role.OPERATOR_LEAD}),
        marked("hand in certificates and switch to them"),
    ),
)


def _count(actor: Actor) -> int | None:
    return needs_someone_count()


RAIL_ITEMS = (
    RailItem(
        marked("Certificates"),
        "certificates:all",
        "desk.certificates.see",
        "badge-check",
        _count,
    ),
)

__all__ = ["RAIL_ITEMS", "RIGHTS"]
