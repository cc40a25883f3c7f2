"""What stands around a release: broken glass, others' changes, who is at work, environments."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from standvast.core.health.api import COMPONENTS
from standvast.desk.incidents.api import reach_of
from standvast.desk.releases.models import (
    ENVIRONMENTS,
    BrokenGlass,
    Environment,
    OutsideChange,
    Release,
)
from standvast.desk.releases.queries.rows import (
    AtWork,
    EnvironmentRow,
    GlassRow,
    OutsideRow,
    RunRow,
)
from standvast.desk.releases.rules.gates import Announced
from standvast.desk.releases.rules.states import State
from standvast.kit.wiring import wired

OUTSIDE_MAX = 100
CLASH_WITHIN = timedelta(days=1)


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


def _near(at: datetime, within: timedelta) -> list[OutsideChange]:
    rows = OutsideChange.objects.filter(at__range=(at - within, at + within)).order_by("at")
    return sorted(rows[:OUTSIDE_MAX], key=lambda row: abs(row.at - at))


def nearest_rows(at: datetime, within: timedelta = CLASH_WITHIN) -> tuple[OutsideRow, ...]:
    """Return the changes of others around an instant, nearest first."""
    return tuple(OutsideRow(row.whose, row.what, row.at, row.source) for row in _near(at, within))


def announced_near(planned_at: datetime) -> tuple[Announced, ...]:
    """Return whose changes lie within a day of it, and since when we know of each."""
    return tuple(Announced(row.whose, row.recorded_at) for row in _near(planned_at, CLASH_WITHIN))


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


def digest_in(environment: str) -> str | None:
    """Return which build stands in an environment; None: nobody said."""
    return Environment.objects.filter(name=environment).values_list("digest", flat=True).first()


def runs_between(first: datetime, last: datetime) -> tuple[RunRow, ...]:
    """Return which releases started or were taken back between two instants, in order."""
    reverted = Q(state=State.REVERTED, ended_at__range=(first, last))
    started = Q(started_at__range=(first, last))
    return _runs(Release.objects.filter(started), as_started=True) + _runs(
        Release.objects.filter(reverted), as_started=False
    )


def _runs(rows: QuerySet[Release], *, as_started: bool) -> tuple[RunRow, ...]:
    instants = (
        (row.version, row.started_at if as_started else row.ended_at)
        for row in rows.order_by("started_at")[:OUTSIDE_MAX]
    )
    return tuple(RunRow(version, at, not as_started) for version, at in instants if at)


def told_of(incident_number: str) -> tuple[tuple[RunRow, ...], tuple[GlassRow, ...]]:
    """Return the runs and broken glasses of the releases that name an incident."""
    rows = Release.objects.filter(incident_numbers__contains=[incident_number])
    runs = _runs(rows, as_started=True) + _runs(rows.filter(state=State.REVERTED), as_started=False)
    return runs, broken_rows(BrokenGlass.objects.filter(release__in=rows))
