"""What dashboards bring to the wiring, and who counts for them."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from standvast.care.dashboards import api as dashboards
from standvast.core.health import api as health
from standvast.desk.incidents import api as incidents
from standvast.kit.wiring import Filling
from standvast.kit.words import marked
from standvast.project.reach import KNOWN_MAX, USED_WITHIN, reach_rows
from standvast.registry.access import api as access
from standvast.registry.organisations import api as organisations
from standvast.registry.organisations.api import Kind
from standvast.web.api import RAIL, TILES

if TYPE_CHECKING:
    from standvast.care.insurance.api import CareCount

GROUPED: Mapping[str, tuple[str, ...]] = {
    "yearly": ("checks", "yearly"),
    "check": ("checks", "check"),
    "feet": ("examinations", "feet"),
    "breath": ("examinations", "breath"),
}
"""Activities that are shown in a group first; the others stand alone."""
GROUPS: Mapping[str, str] = {
    "checks": marked("Checks"),
    "examinations": marked("Examinations"),
}


SERVED = (Kind.PRACTICE, Kind.POST, Kind.CARE, Kind.HOSPITAL)
"""Kinds of organisation with somebody who may see a dashboard."""


def reach(component: str, variants: Sequence[str], now: datetime) -> incidents.Served | None:
    """Return whom the dashboard serves; affected are those who looked lately."""
    del variants
    if component != dashboards.COMPONENT:
        return None
    views = organisations.organisations_of_kinds(*SERVED, limit=KNOWN_MAX)
    looked = dashboards.looked_since(now - USED_WITHIN)
    return incidents.Served(reach_rows(views, now, affected=looked))


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        access.RIGHTS.filled(dashboards.RIGHT_OF_DASHBOARDS),
        RAIL.filled(dashboards.RAIL_OF_DASHBOARDS),
        TILES.filled(dashboards.tiles_of_dashboards),
        incidents.REACH.filled(reach),
        dashboards.SOURCES.filled(*_sources()),
        health.COMPONENTS.filled(*dashboards.PARTS),
        health.PROBES.filled(*dashboards.PROBES_OF_DASHBOARDS),
    )


def _sources() -> Iterator[dashboards.Source]:
    """Yield whoever can count, of the services that run here."""
    if "insurance" in settings.PARTS:
        from standvast.care.insurance import api as insurance

        def count(
            organisation_id: uuid.UUID, window: dashboards.Window
        ) -> Sequence[dashboards.Cell]:
            period = {"from_on": window.first_on, "until_on": window.until_on}
            done = insurance.care_counts(organisation_id, **period)
            enrolled = insurance.enrolled_counts(organisation_id, **period)
            return [_cell(organisation_id, one) for one in (*done, *enrolled)]

        yield dashboards.Source(
            count, titles={**insurance.PROGRAMMES, **insurance.ACTIVITIES, **GROUPS}
        )


def _cell(organisation_id: uuid.UUID, one: "CareCount") -> dashboards.Cell:
    measure = dashboards.Measure.DONE if one.code else dashboards.Measure.ENROLLED
    return dashboards.Cell(
        organisation_id=organisation_id,
        measure=measure,
        programme=one.programme,
        path=GROUPED.get(one.code, (one.code,)) if one.code else (),
        from_on=one.from_on,
        until_on=one.until_on,
        count=one.count,
        people=one.people,
    )
