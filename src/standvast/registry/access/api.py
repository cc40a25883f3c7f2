"""What other modules may import from access."""

from standvast.registry.access.contributions import (
    LEAVES,
    STAFF_LINES,
    STAFF_LINKS,
    ColleagueLine,
    StaffLink,
)
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
    NoOrganisation,
    RightMissing,
    actor_of,
    address_of,
    check_may,
    check_record,
    forget_actor,
    may,
    may_record,
    maybe_actor_of,
    needs,
    signed_in,
)
from standvast.registry.access.joining import invite_within
from standvast.registry.access.links import join_link
from standvast.registry.access.operations import AlreadyThere, end_membership, grant_role
from standvast.registry.access.queries import (
    Colleague,
    ColleagueNotFound,
    accepted_of,
    colleague,
    holders_of_role,
    memberships_of,
    organisations_signed_in,
    staff_of,
)
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import (
    ROLE_TITLES,
    ROLES_BY_KIND,
    Grant,
    Right,
    Role,
    check_role_fits,
    effective_role,
)
from standvast.registry.access.ruling.contributions import (
    PROBES_OF_RULES,
    RAIL_OF_RULES,
    RIGHTS_OF_RULES,
    RULES,
    SWEEP_OF_RULES,
    figures_of_rules,
    offers_on_refusal,
)
from standvast.registry.access.ruling.memory import Memory as RuleMemory
from standvast.registry.access.ruling.operations.persons import except_person
from standvast.registry.access.ruling.operations.shadowing import replay as replay_rules
from standvast.registry.access.ruling.operations.shadowing import shadow as shadow_rules
from standvast.registry.access.ruling.operations.versions import approve as approve_rules
from standvast.registry.access.ruling.operations.versions import enforce as enforce_rules
from standvast.registry.access.ruling.operations.versions import propose as propose_rules
from standvast.registry.access.ruling.operations.versions import take_back as take_back_rules
from standvast.registry.access.ruling.operations.versions import withdraw as withdraw_rules
from standvast.registry.access.ruling.question import (
    GLASS_START,
    HERE,
    Holding,
    Layer,
    Purpose,
    Record,
    purpose_of,
    purpose_title,
)
from standvast.registry.access.ruling.release import rules_on_their_way
from standvast.registry.access.ruling.reports import report_of
from standvast.registry.access.sessions import MembershipView
from standvast.registry.access.showing import COLLEAGUES, PRACTITIONER_RESOURCE
from standvast.registry.access.working import work_for

__all__ = [
    "COLLEAGUES",
    "GLASS_START",
    "HELP",
    "HELP_RAIL",
    "HERE",
    "LEAVES",
    "PRACTITIONER_RESOURCE",
    "PROBES_OF_RULES",
    "RAIL_OF_RULES",
    "RIGHTS",
    "RIGHTS_OF_RULES",
    "ROLES_BY_KIND",
    "ROLE_TITLES",
    "RULES",
    "STAFF",
    "STAFF_LINES",
    "STAFF_LINKS",
    "SWEEP_OF_RULES",
    "AccessLive",
    "AlreadyThere",
    "Colleague",
    "ColleagueLine",
    "ColleagueNotFound",
    "Grant",
    "Holding",
    "Layer",
    "MembershipView",
    "NoOrganisation",
    "Purpose",
    "Record",
    "Right",
    "RightMissing",
    "Role",
    "RuleMemory",
    "SessionReader",
    "SessionsUnread",
    "StaffLink",
    "accepted_of",
    "actor_of",
    "address_of",
    "approve_rules",
    "check_may",
    "check_record",
    "check_role_fits",
    "colleague",
    "demo_personas",
    "edge_actor",
    "effective_role",
    "end_membership",
    "enforce_rules",
    "enter",
    "except_person",
    "figures_of_rules",
    "forget_actor",
    "grant_role",
    "helping_notice",
    "holders_of_role",
    "invite_within",
    "join_link",
    "leave",
    "may",
    "may_record",
    "maybe_actor_of",
    "memberships_of",
    "needs",
    "offers_on_refusal",
    "organisations_signed_in",
    "propose_rules",
    "purpose_of",
    "purpose_title",
    "replay_rules",
    "report_of",
    "rules_on_their_way",
    "shadow_rules",
    "signed_in",
    "staff_of",
    "take_back_rules",
    "who_looks",
    "withdraw_rules",
    "work_for",
    "workplace",
]
