"""When something is red, green or unknown, and which finding that makes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from standvast.core.health.declared import WHOLE, Component, Edge, Probe, Verdict

SILENT_AFTER_INTERVALS = 3
SILENT_MARGIN_S = 2.0


@dataclass(frozen=True)
class Standing:
    """Where one probe stands: its verdict, and the row of equal looks that ends now."""

    verdict: Verdict = Verdict.UNKNOWN
    row_verdict: Verdict = Verdict.UNKNOWN
    row_count: int = 0
    row_began_at: datetime | None = None
    since: datetime | None = None
    """When the verdict became what it is."""
    observed_at: datetime | None = None
    told_at: datetime | None = None
    """The last look that could say green or red."""


def after(
    standing: Standing, seen: Verdict, at: datetime, *, red_after: int, green_after: int
) -> Standing:
    """Return where a probe stands after one more look.

    Red only after `red_after` red looks in a row; from red to green only after `green_after`
    green looks in a row; a look that could not tell ends a green at once and never ends a red.
    """
    assert seen is not Verdict.PARTLY_RED
    same = seen is standing.row_verdict and standing.row_count > 0
    row_count = standing.row_count + 1 if same else 1
    row_began_at = standing.row_began_at if same else at
    verdict = _verdict_after(standing.verdict, seen, row_count, red_after, green_after)
    return Standing(
        verdict=verdict,
        row_verdict=seen,
        row_count=row_count,
        row_began_at=row_began_at,
        since=standing.since if verdict is standing.verdict and standing.since else at,
        observed_at=at,
        told_at=standing.told_at if seen is Verdict.UNKNOWN else at,
    )


def _verdict_after(
    before: Verdict, seen: Verdict, row_count: int, red_after: int, green_after: int
) -> Verdict:
    if before is Verdict.RED:
        recovered = seen is Verdict.GREEN and row_count >= green_after
        return Verdict.GREEN if recovered else Verdict.RED
    if seen is Verdict.RED:
        return Verdict.RED if row_count >= red_after else before
    return seen


def is_silent(standing: Standing, probe: Probe, *, now: datetime, watched_since: datetime) -> bool:
    """Whether a probe has said neither green nor red for three intervals that we watched."""
    last = max(watched_since, standing.told_at or watched_since)
    return (now - last).total_seconds() > silent_after_s(probe)


def silent_after_s(probe: Probe) -> float:
    """Return how long a probe may say nothing."""
    return SILENT_AFTER_INTERVALS * probe.interval_s + probe.deadline_s + SILENT_MARGIN_S


def verdict_now(standing: Standing | None, probe: Probe, now: datetime) -> Verdict:
    """Return what may be said of a probe at this moment: an old green is unknown."""
    if standing is None or standing.told_at is None:
        return Verdict.UNKNOWN
    is_old = now - standing.told_at > timedelta(seconds=silent_after_s(probe))
    if standing.verdict is Verdict.GREEN and is_old:
        return Verdict.UNKNOWN
    return standing.verdict


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of one variant seen by several probes: the worst counts."""
    found = set(verdicts)
    for verdict in (Verdict.RED, Verdict.UNKNOWN, Verdict.GREEN):
        if verdict in found:
            return verdict
    return Verdict.UNKNOWN


def of_component(by_variant: Mapping[str, Verdict]) -> Verdict:
    """Return a component's verdict: red when all its variants are, else partly red.

    A probe without a variant looks at its target as a whole. A component that nothing looks at
    is red: that is the finding.
    """
    if not by_variant or by_variant.get(WHOLE) is Verdict.RED:
        return Verdict.RED
    red_count = sum(verdict is Verdict.RED for verdict in by_variant.values())
    if red_count == len(by_variant):
        return Verdict.RED
    if red_count:
        return Verdict.PARTLY_RED
    return together(by_variant.values())


def uncovered(
    components: Sequence[Component], edges: Sequence[Edge], probes: Sequence[Probe]
) -> tuple[str, ...]:
    """Return the slugs of components and edges that no probe looks at."""
    looked_at = {probe.target for probe in probes}
    slugs = [component.slug for component in components] + [edge.slug for edge in edges]
    return tuple(slug for slug in dict.fromkeys(slugs) if slug not in looked_at)


def parents(target: str, edges: Sequence[Edge]) -> tuple[str, ...]:
    """Return what a component or edge relies on, one hop, hard edges only.

    A soft edge explains nothing: its source goes on without its target.
    """
    found = [e.target for e in edges if e.hard and target in (e.source, e.slug)]
    return tuple(dict.fromkeys(parent for parent in found if parent != target))


def parents_first(targets: Iterable[str], edges: Sequence[Edge]) -> tuple[str, ...]:
    """Return targets so that a parent comes before its child; a ring is cut at its first."""
    waiting = list(dict.fromkeys(targets))
    ordered: list[str] = []
    while waiting:
        free = [t for t in waiting if not set(parents(t, edges)) & set(waiting) - {t}]
        ordered += free or waiting[:1]
        waiting = [t for t in waiting if t not in ordered]
    return tuple(ordered)


def explained_by(target: str, edges: Sequence[Edge], red_targets: frozenset[str]) -> str:
    """Return the red parent that holds back an incident about `target`, or nothing.

    `red_targets` are those *seen* red: a parent that was never observed suppresses nothing.
    Two that rely on each other would hide each other: of those, the one found first speaks.
    """
    for parent in parents(target, edges):
        if parent in red_targets:
            return parent
    return ""


def check_declared(
    components: Sequence[Component], edges: Sequence[Edge], probes: Sequence[Probe]
) -> tuple[str, ...]:
    """Return what is wrong with the declarations, as sentences; empty when all is well."""
    wrong: list[str] = []
    slugs = [component.slug for component in components]
    wrong += [f"component {s} is declared twice" for s in sorted({*slugs}) if slugs.count(s) > 1]
    names = [probe.name for probe in probes]
    wrong += [f"probe {n} is declared twice" for n in sorted({*names}) if names.count(n) > 1]
    known = {*slugs, *(edge.slug for edge in edges)}
    for edge in edges:
        wrong += [
            f"edge {edge.slug} names unknown component {end}"
            for end in (edge.source, edge.target)
            if end not in slugs
        ]
    wrong += [
        f"probe {probe.name} looks at unknown {probe.target}"
        for probe in probes
        if probe.target not in known
    ]
    return tuple(wrong)


def merged(ours: Standing, stored: Standing) -> Standing:
    """Return the later of two standings of one probe: what was seen last counts."""
    if ours.observed_at is None:
        return stored
    if stored.observed_at is None or ours.observed_at >= stored.observed_at:
        return ours
    return stored
