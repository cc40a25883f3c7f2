"""Release, put together."""

from standvast.drills.frame.drill import Drill, Scale
from standvast.drills.frame.faults import FaultProxy
from standvast.drills.release.criteria import CRITERIA, DESK_LINES, TWIN, TWIN_MUST_FAIL
from standvast.drills.release.live import PACKAGE, live
from standvast.project.installation import Installation, Plan, free_port

ROAD = "STANDVAST_RELEASE_ROAD"


def plan(scale: Scale, twin: str) -> Plan:
    """Return the installation: more practices than are at work, and a road to test."""
    return Plan(
        practices=2 * scale.people_count,
        serve_count=2,
        courier_count=1,
        watch_count=1,
        drill=True,
        twin=twin,
        more={
            "STANDVAST_PROBE_PACE": str(round(scale.pace)),
            ROAD: f"http://127.0.0.1:{free_port()}",
        },
    )


def paths(proxy: FaultProxy, installation: Installation) -> None:
    """Put the proxy on the road to test: this installation stands in for the one there."""
    port = int(installation.plan.more[ROAD].rpartition(":")[2])
    proxy.path("test", listen_port=port, upstream_port=installation.port)


RELEASE = Drill(
    name="release",
    title="A release that must not break the day",
    package=PACKAGE,
    criteria=CRITERIA,
    full=Scale(people_count=40, pace=1.0),
    small=Scale(people_count=8, pace=2.0),
    plan=plan,
    paths=paths,
    live=live,
    desk=f"{PACKAGE}.desk:replay",
    twin=TWIN,
    twin_must_fail=TWIN_MUST_FAIL,
    desk_lines=DESK_LINES,
)
