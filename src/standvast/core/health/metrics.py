"""Figures in Prometheus' words. Labels name components, lanes and kinds; never a person."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric

from standvast.core.health.declared import Figure, FindingView, Verdict
from standvast.core.health.views import ComponentView

ALIVE_S = 10.0
HELP = {
    "standvast_probe_up": "1 while the variant of this component is green, 0 while it is not.",
    "standvast_probe_missing": "1 for a component that no probe looks at.",
    "standvast_probe_seconds": "How long the last look took.",
    "standvast_finding_open": "Open findings by kind.",
    "standvast_process_alive": "Processes that gave a pulse in the last ten seconds.",
    "standvast_process_errors": "Errors logged in the last minute by living processes.",
    "standvast_health_known": "1 while these figures come from a database that answers.",
    "standvast_certificate_expires_seconds": "Seconds that a certificate is still valid.",
}


def own_figures(
    views: Sequence[ComponentView],
    findings: Sequence[FindingView],
    pulses: Sequence[tuple[str, float, dict[str, Any]]],
    *,
    fresh: bool,
) -> list[Figure]:
    """Return health's own figures; what is not fresh is not up."""
    found = [Figure("standvast_health_known", float(fresh))]
    for view in views:
        found.append(
            Figure("standvast_probe_missing", float(not view.is_covered), {"component": view.slug})
        )
        for variant in view.variants:
            labels = {"component": view.slug, "variant": variant.variant}
            up = fresh and variant.verdict is Verdict.GREEN
            found.append(Figure("standvast_probe_up", float(up), labels))
            found.append(Figure("standvast_probe_seconds", variant.duration_ms / 1000, labels))
    if fresh:
        found += _counted(findings, pulses)
    return found


def _counted(
    findings: Sequence[FindingView], pulses: Sequence[tuple[str, float, dict[str, Any]]]
) -> Iterator[Figure]:
    for kind in ("down", "no_probe", "silent"):
        count = sum(finding.kind == kind for finding in findings)
        yield Figure("standvast_finding_open", float(count), {"kind": kind})
    for kind in sorted({kind for kind, _, _ in pulses}):
        living = [said for k, age_s, said in pulses if k == kind and age_s < ALIVE_S]
        errors = sum(int(said.get("errors_per_minute", 0)) for said in living)
        yield Figure("standvast_process_alive", float(len(living)), {"kind": kind})
        yield Figure("standvast_process_errors", float(errors), {"kind": kind})


def exposition(figures: Iterable[Figure]) -> bytes:
    """Return the figures as Prometheus reads them, every name once with its help."""
    by_name: dict[str, Metric] = {}
    for figure in figures:
        kind = "counter" if figure.name.endswith("_total") else "gauge"
        words = figure.help or HELP.get(figure.name, figure.name)
        metric = by_name.setdefault(
            figure.name, Metric(figure.name.removesuffix("_total"), words, kind)
        )
        metric.add_sample(figure.name, dict(figure.labels), figure.value)
    registry = CollectorRegistry()
    registry.register(_Given(list(by_name.values())))
    return generate_latest(registry)


class _Given:
    """A collector of what was gathered already."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics
