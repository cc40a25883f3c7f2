"""Who may do what at the desk's own pages."""

from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role

OPERATORS = frozenset({Role.OPERATOR, Role.OPERATOR_LEAD})

DESK_RIGHTS = (
    Right("desk.see", OPERATORS, marked("see how everything stands")),
    Right("desk.close", OPERATORS, marked("close a function")),
    Right("desk.tell", OPERATORS, marked("tell people that something is wrong")),
)
"""For the slot RIGHTS of access."""
