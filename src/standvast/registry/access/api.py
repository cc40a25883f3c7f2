"""What other modules may import from access."""

from standvast.registry.access.doors import enter, leave
from standvast.registry.access.edge import AccessLive, SessionReader, SessionsUnread, edge_actor
from standvast.registry.access.frame import (
    HELP,
    HELP_RAIL,
    STAFF,
    demo_personas,
    helping_notice,
    who_looks,
    workplace,
)
from standvast.registry.access.guards import (
    RIGHTS,
    NoOrganisation,
    RightMissing,
    actor_of,
    address_of,
    check_may,
    forget_actor,
    may,
    maybe_actor_of,
    needs,
    signed_in,
)
from standvast.registry.access.operations import AlreadyThere, end_membership, grant_role
from standvast.registry.access.queries import memberships_of, organisations_signed_in, staff_of
from standvast.registry.access.rules import ROLE_TITLES, Right, Role, effective_role
from standvast.registry.access.sessions import MembershipView
from standvast.registry.access.working import work_for

__all__ = [
    "HELP",
    "HELP_RAIL",
    "RIGHTS",
    "ROLE_TITLES",
    "STAFF",
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
    "address_of",
    "check_may",
    "demo_personas",
    "edge_actor",
    "effective_role",
    "end_membership",
    "enter",
    "forget_actor",
    "grant_role",
    "helping_notice",
    "leave",
    "may",
    "maybe_actor_of",
    "memberships_of",
    "needs",
    "organisations_signed_in",
    "signed_in",
    "staff_of",
    "who_looks",
    "work_for",
    "workplace",
]
