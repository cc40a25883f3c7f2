"""Components as the desk, the status page and `/health` see them. Pure: rows in, views out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from standvast.core.health.declared import Component, Edge, FindingView, Probe, Value, Verdict
from standvast.core.health.rules import Standing, of_component, together, verdict_now


@dataclass(frozen=True)
class StandingView:
    """Where one probe stands, as stored."""

    probe: str
    verdict: Verdict
    since: datetime | None
    observed_at: datetime | None
    told_at: datetime | None
    duration_ms: int
    value: float | None
    code: str
    template: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class VariantView:
    """One variant of a component or edge."""

    variant: str
    verdict: Verdict
    since: datetime | None
    observed_at: datetime | None
    duration_ms: int
    value: float | None
    code: str
    template: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class EdgeView:
    """One edge out of a component."""

    slug: str
    target: str
    hard: bool
    still_works: str
    verdict: Verdict
    variants: tuple[VariantView, ...] = ()


@dataclass(frozen=True)
class ComponentView:
    """A component with what is known of it now."""

    slug: str
    title: str
    function_class: str
    audience: str
    verdict: Verdict
    since: datetime | None
    """When the present worst verdict began; none while nothing was seen."""
    is_covered: bool
    variants: tuple[VariantView, ...]
    edges: tuple[EdgeView, ...]
    findings: tuple[FindingView, ...]
    """Open ones about the component itself or an edge out of it."""


def _variant_view(
    variant: str, probes: Sequence[Probe], standings: Mapping[str, StandingView], now: datetime
) -> VariantView:
    verdicts = {p.name: _now(standings.get(p.name), p, now) for p in probes}
    verdict = together(verdicts.values())
    speaking = [p for p in probes if verdicts[p.name] is verdict]
    seen = [standings[p.name] for p in speaking if p.name in standings]
    first = min(seen, key=lambda s: (s.since is None, s.since), default=None)
    return VariantView(
        variant=variant,
        verdict=verdict,
        since=first.since if first else None,
        observed_at=max((s.observed_at for s in seen if s.observed_at), default=None),
        duration_ms=first.duration_ms if first else 0,
        value=first.value if first else None,
        code=first.code if first else "",
        template=first.template if first else "",
        values=first.values if first else {},
    )


def standing_now(standing: StandingView | None, probe: Probe, now: datetime) -> StandingView:
    """Return where a probe stands now; one that was never seen is unknown."""
    found = standing or StandingView(
        probe.name, Verdict.UNKNOWN, None, None, None, 0, None, "", "", {}
    )
    return replace(found, verdict=_now(standing, probe, now))


def _now(standing: StandingView | None, probe: Probe, now: datetime) -> Verdict:
    if standing is None:
        return Verdict.UNKNOWN
    return verdict_now(Standing(verdict=standing.verdict, told_at=standing.told_at), probe, now)


def variants_of(
    target: str, probes: Sequence[Probe], standings: Mapping[str, StandingView], now: datetime
) -> tuple[VariantView, ...]:
    """Return the variants of one component or edge, in the order declared."""
    by_variant: dict[str, list[Probe]] = {}
    for probe in probes:
        if probe.target == target:
            by_variant.setdefault(probe.variant, []).append(probe)
    return tuple(_variant_view(v, ps, standings, now) for v, ps in by_variant.items())


def component_views_of(
    components: Sequence[Component],
    edges: Sequence[Edge],
    probes: Sequence[Probe],
    standings: Sequence[StandingView],
    findings: Sequence[FindingView],
    now: datetime,
) -> tuple[ComponentView, ...]:
    """Return every component with its verdict, in the order declared."""
    by_probe = {standing.probe: standing for standing in standings}
    made = []
    for component in components:
        variants = variants_of(component.slug, probes, by_probe, now)
        own_edges = [edge for edge in edges if edge.source == component.slug]
        about = {component.slug, *(edge.slug for edge in own_edges)}
        verdict = of_component({v.variant: v.verdict for v in variants})
        made.append(
            ComponentView(
                slug=component.slug,
                title=component.title,
                function_class=component.function_class,
                audience=component.audience,
                verdict=verdict,
                since=_since(verdict, variants),
                is_covered=bool(variants),
                variants=variants,
                edges=tuple(_edge_view(edge, probes, by_probe, now) for edge in own_edges),
                findings=tuple(f for f in findings if f.target in about),
            )
        )
    return tuple(made)


def _edge_view(
    edge: Edge, probes: Sequence[Probe], by_probe: Mapping[str, StandingView], now: datetime
) -> EdgeView:
    variants = variants_of(edge.slug, probes, by_probe, now)
    verdict = of_component({v.variant: v.verdict for v in variants})
    return EdgeView(edge.slug, edge.target, edge.hard, edge.still_works, verdict, variants)


def _since(verdict: Verdict, variants: Sequence[VariantView]) -> datetime | None:
    wanted = Verdict.RED if verdict is Verdict.PARTLY_RED else verdict
    times = [v.since for v in variants if v.verdict is wanted and v.since]
    if not times:
        return None
    return min(times) if wanted is Verdict.RED else max(times)
