"""What other modules may import from access."""

from standvast.registry.access.edge import AccessLive, SessionReader, SessionsUnread, edge_actor
from standvast.registry.access.guards import (
    RIGHTS,
    NoOrganisation,
    RightMissing,
    actor_of,
    check_may,
    may,
    maybe_actor_of,
    needs,
    signed_in,
)
from standvast.registry.access.operations import AlreadyThere, end_membership, grant_role
from standvast.registry.access.queries import memberships_of, staff_of
from standvast.registry.access.rules import ROLE_TITLES, Right, Role, effective_role
from standvast.registry.access.sessions import MembershipView

__all__ = [
    "RIGHTS",
    "ROLE_TITLES",
    "AccessLive",
    "AlreadyThere",
    "MembershipView",
    "NoOrganisation",
    "Right",
    "RightMissing",
    "Role",
    "SessionReader",
    "SessionsUnread",
    "actor_of",
    "check_may",
    "edge_actor",
    "effective_role",
    "end_membership",
    "grant_role",
    "may",
    "maybe_actor_of",
    "memberships_of",
    "needs",
    "signed_in",
    "staff_of",
]
