"""What this installation can show of the build that runs in it, for the gates of a release."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.conf import settings

from standvast.core.health import api as health
from standvast.desk.releases import api as releases
from standvast.desk.releases.api import Evidence, Result
from standvast.project.tree import parts

GATE = "walks"
FAR_SIDE = frozenset({"launches.unreached", "launches.late", "launches.far_fault"})
"""Codes of walks that say: the other side is away, whatever our build did."""
NAMED_MAX = 10


@cache
def running_digest() -> str:
    """Return the digest of the build that runs here; empty where there is no source tree."""
    try:
        return releases.digest_of(parts())
    except FileNotFoundError:
        return ""


def walks_shown(digest: str, now: datetime) -> Evidence | None:
    """Return how every walk stands now, of the build that runs here; None of any other.

    Before a release it is asked where the build was placed to be tried, and after it where people
    work. A walk that has not said green or red lately has shown nothing.
    """
    if digest != running_digest():
        return None
    walks = [probe for probe in health.probes_now() if probe.kind == health.WALK]
    found = _counted(health.standings_of(walks, now))
    return Evidence(
        gate=GATE,
        digest=digest,
        result=_result(found),
        at=now,
        environment=str(settings.ENVIRONMENT),
        figures={kind: len(names) for kind, names in found.items()},
        sentence="; ".join(
            f"{kind}: {', '.join(names[:NAMED_MAX])}"
            for kind, names in found.items()
            if names and kind != "passed"
        ),
    )


def _counted(standings: Mapping[str, health.StandingView]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {
        "passed": [],
        "failed": [],
        "far_side_down": [],
        "not_walked": [],
    }
    for name, standing in standings.items():
        match standing.verdict:
            case health.Verdict.GREEN:
                kind = "passed"
            case health.Verdict.RED:
                kind = "far_side_down" if standing.code in FAR_SIDE else "failed"
            case _:
                kind = "not_walked"
        found[kind].append(name)
    return found


def _result(found: Mapping[str, list[str]]) -> Result:
    if found["failed"]:
        return Result.FAILED
    if found["far_side_down"] or found["not_walked"] or not found["passed"]:
        return Result.INCONCLUSIVE
    return Result.OK


WALKS = releases.Gatherer(
    GATE, walks_shown, environment=str(settings.ENVIRONMENT), is_asked_after=True
)
