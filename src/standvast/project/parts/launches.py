"""What launches bring to the wiring."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from standvast.care.launches import api as launches
from standvast.core.health import api as health
from standvast.desk.incidents import api as incidents
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.project.reach import KNOWN_MAX, reach_rows
from standvast.registry.access import api as access
from standvast.registry.grants.api import STARTED_ELSEWHERE
from standvast.registry.organisations import api as organisations
from standvast.registry.organisations.api import Kind
from standvast.registry.patients import api as patients
from standvast.web.api import RAIL

SERVED = (Kind.PRACTICE, Kind.POST, Kind.PHARMACY, Kind.CARE, Kind.HOSPITAL)
"""Kinds of organisation that see patients."""
APPS_EVERY_S = 10.0


def reach(component: str, variants: Sequence[str], now: datetime) -> incidents.Served | None:
    """Return who clicks through: those that see patients; affected, who used what is broken."""
    if component != launches.COMPONENT:
        return None
    views = organisations.organisations_of_kinds(*SERVED, limit=KNOWN_MAX)
    affected = frozenset(view.id for view in views)
    if variants:
        affected = launches.users_of(variants, now)
        seen_by = launches.seen_by(variants)
        views = tuple(view for view in views if seen_by is None or view.id in seen_by)
    return incidents.Served(reach_rows(views, now, affected=affected))


def usage(component: str, variants: Sequence[str], now: datetime) -> incidents.Usage | None:
    """Return how much these targets are used among those who click through to any."""
    if component != launches.COMPONENT or not variants:
        return None
    everybody_count = launches.users_count(now)
    if not everybody_count:
        return None
    count = len(launches.users_of(variants, now))
    return incidents.Usage(share=count / everybody_count, organisations_count=count)


def names(component: str, variants: Sequence[str]) -> str | None:
    """Return what people call these systems."""
    if component != launches.COMPONENT:
        return None
    return ", ".join(launches.titles_of(variants))


def _open_apps(now: datetime) -> int:
    """Let people through to the simulated apps; the simulated world is imported by this alone."""
    from standvast.project.neighbours import apps

    return apps(now)


def _sweeps() -> tuple[health.Sweep, ...]:
    """Return its sweeps; in the demo one that lets people through to the simulated apps."""
    if not (settings.OUTSIDE and "grants" in settings.PARTS):
        return launches.SWEEPS_OF_LAUNCHES
    return (*launches.SWEEPS_OF_LAUNCHES, health.Sweep("demo.apps", APPS_EVERY_S, _open_apps))


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(*launches.RIGHTS_OF_LAUNCHES),
        RAIL.filled(*launches.RAIL_OF_LAUNCHES),
        patients.CARDS.filled(launches.card_for),
        STARTED_ELSEWHERE.filled(launches.apps_started_for),
        patients.DEEDS.filled((launches.GONE, marked("opened another system with them in hand"))),
        incidents.REACH.filled(reach),
        incidents.USAGE.filled(usage),
        incidents.NAMES.filled(names),
        health.COMPONENTS.filled(*launches.PARTS),
        health.PROBES.filled(*launches.PROBES_OF_LAUNCHES),
        health.FLEETS.filled(launches.walks_out),
        health.SWEEPS.filled(*_sweeps()),
    )
