"""What is red now, how each component stands, and what was seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from standvast.core.health.declared import COMPONENTS, EDGES, FindingView, Probe, Verdict
from standvast.core.health.models import Finding, Hour, Observation, Pulse, Standing
from standvast.core.health.sweeps import declared_probes
from standvast.core.health.views import (
    ComponentView,
    StandingView,
    VariantView,
    component_views_of,
    standing_now,
    variants_of,
)
from standvast.kit.wiring import wired

OPEN_MAX = 500
HISTORY_MAX = 5_000


@dataclass(frozen=True)
class ObservationView:
    """One look, for a history."""

    probe: str
    at: datetime
    verdict: Verdict
    duration_ms: int
    value: float | None
    code: str


@dataclass(frozen=True)
class HourView:
    """One hour of looks."""

    probe: str
    hour: datetime
    green_count: int
    red_count: int
    unknown_count: int
    duration_ms_mean: int
    duration_ms_max: int


@dataclass(frozen=True)
class PulseView:
    """One process, as it last said so."""

    instance: str
    kind: str
    pid: int
    started_at: datetime
    at: datetime
    stopped_at: datetime | None
    figures: dict[str, float | int | str | bool]


def finding_view(row: Finding) -> FindingView:
    """Return the frozen view of a row."""
    return FindingView(
        id=row.id,
        kind=row.kind,
        target=row.target,
        variant=row.variant,
        probe=row.probe,
        code=row.code,
        template=row.template,
        values=row.values,
        began_at=row.began_at,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        below=row.below,
    )


def _finding_views(rows: Iterable[Finding]) -> tuple[FindingView, ...]:
    return tuple(finding_view(row) for row in rows)


def open_findings(now: datetime) -> tuple[FindingView, ...]:
    """Return what is red at `now`, oldest first; at most 500."""
    rows = Finding.objects.filter(opened_at__lte=now).exclude(ended_at__lte=now)
    return _finding_views(rows.order_by("opened_at", "id")[:OPEN_MAX])


def findings_between(
    from_: datetime, until: datetime, *, target: str | None = None
) -> tuple[FindingView, ...]:
    """Return findings that were open at some moment of a period, oldest first; at most 5,000."""
    rows = Finding.objects.filter(opened_at__lt=until).exclude(ended_at__lte=from_)
    if target is not None:
        rows = rows.filter(target=target)
    return _finding_views(rows.order_by("opened_at", "id")[:HISTORY_MAX])


def _standing_view(row: Standing) -> StandingView:
    return StandingView(
        probe=row.probe,
        verdict=Verdict(row.verdict),
        since=row.since,
        observed_at=row.observed_at,
        told_at=row.told_at,
        duration_ms=row.duration_ms,
        value=row.value,
        code=row.code,
        template=row.template,
        values=row.values,
    )


def variant_views(target: str, now: datetime) -> tuple[VariantView, ...]:
    """Return how each variant of a component or edge stands."""
    probes = [probe for probe in declared_probes() if probe.target == target]
    rows = Standing.objects.filter(probe__in=[probe.name for probe in probes])
    return variants_of(target, probes, {row.probe: _standing_view(row) for row in rows}, now)


def standings_of(probes: Sequence[Probe], now: datetime) -> Mapping[str, StandingView]:
    """Return how each of these probes stands now, by name: an old green is unknown."""
    rows = Standing.objects.filter(probe__in=[probe.name for probe in probes])
    found = {row.probe: _standing_view(row) for row in rows}
    return {probe.name: standing_now(found.get(probe.name), probe, now) for probe in probes}


def component_views(now: datetime) -> tuple[ComponentView, ...]:
    """Return every declared component with its verdict, variants and open findings."""
    standings = [_standing_view(row) for row in Standing.objects.all()[:OPEN_MAX]]
    return component_views_of(
        wired(COMPONENTS), wired(EDGES), declared_probes(), standings, open_findings(now), now
    )


def verdict_of(component: str, now: datetime) -> Verdict:
    """Return one component's verdict; unknown for one that is not declared."""
    for view in component_views(now):
        if view.slug == component:
            return view.verdict
    return Verdict.UNKNOWN


def observations_of(target: str, *, now: datetime, hours: int = 24) -> tuple[ObservationView, ...]:
    """Return the latest looks at a component or edge, newest first; at most 5,000."""
    names = [probe.name for probe in declared_probes() if probe.target == target]
    rows = Observation.objects.filter(probe__in=names, at__gt=now - timedelta(hours=hours))
    return tuple(
        ObservationView(r.probe, r.at, Verdict(r.verdict), r.duration_ms, r.value, r.code)
        for r in rows.order_by("-at")[:HISTORY_MAX]
    )


def hours_of(target: str, *, now: datetime, days: int = 7) -> tuple[HourView, ...]:
    """Return a component's or edge's hourly sums, newest first; at most 5,000."""
    names = [probe.name for probe in declared_probes() if probe.target == target]
    rows = Hour.objects.filter(probe__in=names, hour__gt=now - timedelta(days=days))
    return tuple(
        HourView(
            r.probe,
            r.hour,
            r.green_count,
            r.red_count,
            r.unknown_count,
            r.duration_ms_sum // max(1, r.green_count + r.red_count + r.unknown_count),
            r.duration_ms_max,
        )
        for r in rows.order_by("-hour")[:HISTORY_MAX]
    )


def watched_from(from_: datetime, until: datetime) -> datetime:
    """Return the first hour of a period in which anything was looked at; its end if never."""
    first = Hour.objects.filter(hour__gte=from_, hour__lt=until).order_by("hour").first()
    return max(from_, first.hour) if first else until


def pulses(now: datetime, *, within_s: float = 3600) -> Sequence[PulseView]:
    """Return the processes that said something lately, by kind and start."""
    rows = Pulse.objects.filter(at__gt=now - timedelta(seconds=within_s))
    return tuple(
        PulseView(r.instance, r.kind, r.pid, r.started_at, r.at, r.stopped_at, r.figures)
        for r in rows.order_by("kind", "started_at")[:OPEN_MAX]
    )
