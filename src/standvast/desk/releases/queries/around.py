"""What stands around a release: broken glass, others' changes, who is at work, environments."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from standvast.core.health.api import COMPONENTS
from standvast.desk.incidents.api import reach_of
from standvast.desk.releases.models import ENVIRONMENTS, BrokenGlass, Environment, OutsideChange
from standvast.desk.releases.queries.rows import AtWork, EnvironmentRow, GlassRow, OutsideRow
from standvast.kit.wiring import wired

OUTSIDE_MAX = 100


def broken_rows(rows: QuerySet[BrokenGlass]) -> tuple[GlassRow, ...]:
    """Return broken glasses, the oldest first; none is ever left out."""
    return tuple(
        GlassRow(
            version=row.release.version,
            digest=row.digest,
            names=(row.first_name, row.second_name),
            reason=row.reason,
            clauses=tuple(row.clauses),
            at=row.at,
        )
        for row in rows.select_related("release").order_by("at", "id")
    )


def outside_rows(first: datetime, last: datetime) -> tuple[OutsideRow, ...]:
    """Return the changes of others between two instants, in order."""
    rows = OutsideChange.objects.filter(at__gte=first, at__lte=last).order_by("at")
    return tuple(OutsideRow(row.whose, row.what, row.at, row.source) for row in rows[:OUTSIDE_MAX])


def at_work(at: datetime) -> AtWork | None:
    """Return how many organisations are at work at `at`; None: no component says whom it serves."""
    open_by_id: dict[uuid.UUID, bool] = {}
    for component in wired(COMPONENTS):
        served = reach_of(component.slug, (), at)
        for row in served.rows if served else ():
            begun = row.open_from is None or row.open_from <= at
            open_by_id[row.organisation_id] = begun and (
                row.open_until is None or at < row.open_until
            )
    if not open_by_id:
        return None
    return AtWork(open_count=sum(open_by_id.values()), known_count=len(open_by_id))


def environment_rows() -> tuple[EnvironmentRow, ...]:
    """Return which digest stands where, on the way to people."""
    stood = {row.name: row for row in Environment.objects.all()}
    return tuple(
        EnvironmentRow(name, row.digest, row.version, row.since)
        if (row := stood.get(name))
        else EnvironmentRow(name, "", "", None)
        for name in ENVIRONMENTS
    )
