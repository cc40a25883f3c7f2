"""For other modules' tests and drills: probes never asked, their looks, how they stand."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from standvast.core.health import declared, models
from standvast.core.health.declared import PROBES, Probe, Verdict
from standvast.kit.wiring import wired

EVERY = timedelta(minutes=1)


def a_probe(target: str, variant: str = "") -> Probe:
    """Return a probe of this that is there, but never asked."""
    return Probe(name=f"{target}.{variant or 'whole'}", target=target, variant=variant, run=_never)


async def _never(_: object) -> declared.Observation:
    return declared.Observation(Verdict.UNKNOWN)


def looked_green(target: str, variant: str = "", *, since: datetime, until: datetime) -> int:
    """Let every probe of this look green once a minute; return how many probes there are."""
    names = [p.name for p in wired(PROBES) if (p.target, p.variant) == (target, variant)]
    looks_count = (until - since) // EVERY + 1
    models.Observation.objects.bulk_create(
        models.Observation(probe=name, at=since + number * EVERY, verdict="green", duration_ms=9)
        for name in names
        for number in range(looks_count)
    )
    return len(names)


def stand(
    probe: str,
    *,
    target: str,
    is_red: bool,
    now: datetime,
    code: str = "",
    template: str = "",
    values: Mapping[str, str | int] | None = None,
) -> None:
    """Let a probe stand so, as the watch would have written it."""
    verdict = "red" if is_red else "green"
    models.Standing.objects.update_or_create(
        probe=probe,
        defaults={
            "target": target,
            "verdict": verdict,
            "row_verdict": verdict,
            "row_count": 3,
            "since": now,
            "observed_at": now,
            "told_at": now,
            "code": code,
            "template": template,
            "values": dict(values or {}),
        },
    )
