"""Opening-night, put together."""

from standvast.drills.frame.drill import Drill, Scale
from standvast.drills.frame.faults import FaultProxy
from standvast.drills.opening_night.criteria import CRITERIA, DESK_LINES, TWIN, TWIN_MUST_FAIL
from standvast.drills.opening_night.live import PACKAGE, live
from standvast.project.installation import Installation, Plan, free_port


def plan(scale: Scale, twin: str) -> Plan:
    """Return the installation: two of each process that may die, so that one may.

    Probes look as much more often as the night is shorter, with bounds as much lower.
    """
    return Plan(
        practices=scale.people_count,
        serve_count=2,
        courier_count=2,
        watch_count=1,
        drill=True,
        twin=twin,
        more={"STANDVAST_PROBE_PACE": str(round(scale.pace))},
    )


def paths(proxy: FaultProxy, installation: Installation) -> None:
    """Put the proxy between everybody and the mail server."""
    installation.mail_port = free_port()
    proxy.path(
        "mail",
        listen_port=installation.mail_port,
        upstream_port=installation.outside_smtp_port,
    )


OPENING_NIGHT = Drill(
    name="opening-night",
    title="Mail slow at the opening",
    package=PACKAGE,
    criteria=CRITERIA,
    full=Scale(people_count=5_000, pace=1.0),
    small=Scale(people_count=300, pace=2.5),
    plan=plan,
    paths=paths,
    live=live,
    desk=f"{PACKAGE}.desk:replay",
    twin=TWIN,
    twin_must_fail=TWIN_MUST_FAIL,
    desk_lines=DESK_LINES,
)
