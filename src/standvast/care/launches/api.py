"""What the composition root and drills may import from launches."""

from standvast.care.launches.cards import card_for
from standvast.care.launches.declared import (
    PARTS,
    RAIL_OF_LAUNCHES,
    RIGHTS_OF_LAUNCHES,
    SWEEPS_OF_LAUNCHES,
)
from standvast.care.launches.operations.going import GONE
from standvast.care.launches.operations.proposing import (
    make_live,
    propose,
    retire,
    walk_version,
)
from standvast.care.launches.operations.registering import know_system
from standvast.care.launches.probes import PROBES_OF_LAUNCHES
from standvast.care.launches.queries.targets import (
    COMPONENT,
    apps_started_for,
    live_targets,
    seen_by,
    titles_of,
    versions_of,
)
from standvast.care.launches.queries.usage import users_count, users_of
from standvast.care.launches.rules.targets import Contract, Draft, Kind
from standvast.care.launches.views import VersionView
from standvast.care.launches.walks import walks_out

__all__ = [
    "COMPONENT",
    "GONE",
    "PARTS",
    "PROBES_OF_LAUNCHES",
    "RAIL_OF_LAUNCHES",
    "RIGHTS_OF_LAUNCHES",
    "SWEEPS_OF_LAUNCHES",
    "Contract",
    "Draft",
    "Kind",
    "VersionView",
    "apps_started_for",
    "card_for",
    "know_system",
    "live_targets",
    "make_live",
    "propose",
    "retire",
    "seen_by",
    "titles_of",
    "users_count",
    "users_of",
    "versions_of",
    "walk_version",
    "walks_out",
]
