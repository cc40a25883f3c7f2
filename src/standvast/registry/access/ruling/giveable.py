"""What an organisation of some kind has to give, by the rights that ask for it."""

from standvast.kit.wiring import wired
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import ROLES_BY_KIND, Grant, Right
from standvast.registry.organisations.api import Kind


def is_for(kind: Kind, right: Right) -> bool:
    """Whether some role of such an organisation has this right, or is given it."""
    return bool(right.roles & set(ROLES_BY_KIND[kind]))


def grants_for(kind: Kind) -> tuple[Grant, ...]:
    """Return which grants an organisation of this kind has to give: some right asks for them."""
    wanted = {right.grant for right in wired(RIGHTS) if right.grant and is_for(kind, right)}
    return tuple(grant for grant in Grant if grant in wanted)


def given_only(kind: Kind) -> frozenset[Grant]:
    """Return which of them no role brings there: only who was given one has it."""
    brought = {one.grant for one in wired(RIGHTS) if is_for(kind, one) and not one.is_granted_only}
    return frozenset(grants_for(kind)) - brought
