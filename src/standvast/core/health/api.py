"""What other modules may import from health."""

from standvast.core.health.declared import (
    BLIND_HEARERS,
    COMPONENTS,
    EDGES,
    FIGURES,
    FLEETS,
    HEARERS,
    PROBES,
    READY,
    SWEEPS,
    WHOLE,
    Component,
    Edge,
    Figure,
    FindingView,
    NotReady,
    Observation,
    Probe,
    ProbeContext,
    Sweep,
    Verdict,
)
from standvast.core.health.fleets import probes_now
from standvast.core.health.live import HealthLive
from standvast.core.health.operations import (
    HeartbeatUnknown,
    heartbeat_secret,
    purge,
    record_heartbeat,
)
from standvast.core.health.probes.database import Bounds, database_probes
from standvast.core.health.probes.figure import figure_probe
from standvast.core.health.probes.heartbeat import heartbeat_probe
from standvast.core.health.probes.http import (
    Condition,
    body_has,
    faster_than,
    http_probe,
    json_is,
    status_is,
)
from standvast.core.health.probes.kinds import from_django, green, red, unknown
from standvast.core.health.probes.processes import alive, errors_probe, processes_probe
from standvast.core.health.probes.smtp import smtp_probe
from standvast.core.health.probes.tcp import tcp_probe
from standvast.core.health.probes.tls import certificate_probe, tls_probe
from standvast.core.health.probes.visitor import Shown, Visitor
from standvast.core.health.probes.walk import KIND as WALK
from standvast.core.health.probes.walk import CannotWalk, Step, StepFailed, walk_probe
from standvast.core.health.queries import (
    component_views,
    findings_between,
    hours_of,
    observations_of,
    open_findings,
    pulses,
    standings_of,
    variant_views,
    verdict_of,
    watched_from,
)
from standvast.core.health.threads import in_thread
from standvast.core.health.views import ComponentView, EdgeView, StandingView, VariantView
from standvast.core.health.watch.loop import run_watch
from standvast.core.health.watch.pulse import pulse_task

__all__ = [
    "BLIND_HEARERS",
    "COMPONENTS",
    "EDGES",
    "FIGURES",
    "FLEETS",
    "HEARERS",
    "PROBES",
    "READY",
    "SWEEPS",
    "WALK",
    "WHOLE",
    "Bounds",
    "CannotWalk",
    "Component",
    "ComponentView",
    "Condition",
    "Edge",
    "EdgeView",
    "Figure",
    "FindingView",
    "HealthLive",
    "HeartbeatUnknown",
    "NotReady",
    "Observation",
    "Probe",
    "ProbeContext",
    "Shown",
    "StandingView",
    "Step",
    "StepFailed",
    "Sweep",
    "VariantView",
    "Verdict",
    "Visitor",
    "alive",
    "body_has",
    "certificate_probe",
    "component_views",
    "database_probes",
    "errors_probe",
    "faster_than",
    "figure_probe",
    "findings_between",
    "from_django",
    "green",
    "heartbeat_probe",
    "heartbeat_secret",
    "hours_of",
    "http_probe",
    "in_thread",
    "json_is",
    "observations_of",
    "open_findings",
    "probes_now",
    "processes_probe",
    "pulse_task",
    "pulses",
    "purge",
    "record_heartbeat",
    "red",
    "run_watch",
    "smtp_probe",
    "standings_of",
    "status_is",
    "tcp_probe",
    "tls_probe",
    "unknown",
    "variant_views",
    "verdict_of",
    "walk_probe",
    "watched_from",
]
