"""What other modules may import from health."""

from standvast.core.health.declared import (
    BLIND_HEARERS,
    COMPONENTS,
    EDGES,
    FIGURES,
    HEARERS,
    PROBES,
    SWEEPS,
    WHOLE,
    Component,
    Edge,
    Figure,
    FindingView,
    Observation,
    Probe,
    ProbeContext,
    Sweep,
    Verdict,
)
from standvast.core.health.operations import (
    HeartbeatUnknown,
    heartbeat_secret,
    purge,
    record_heartbeat,
)
from standvast.core.health.queries import (
    component_views,
    findings_between,
    hours_of,
    observations_of,
    open_findings,
    pulses,
    verdict_of,
)
from standvast.core.health.views import ComponentView, VariantView
from standvast.core.health.watch.loop import run_watch
from standvast.core.health.watch.pulse import pulse_task

__all__ = [
    "BLIND_HEARERS",
    "COMPONENTS",
    "EDGES",
    "FIGURES",
    "HEARERS",
    "PROBES",
    "SWEEPS",
    "WHOLE",
    "Component",
    "ComponentView",
    "Edge",
    "Figure",
    "FindingView",
    "HeartbeatUnknown",
    "Observation",
    "Probe",
    "ProbeContext",
    "Sweep",
    "VariantView",
    "Verdict",
    "component_views",
    "findings_between",
    "heartbeat_secret",
    "hours_of",
    "observations_of",
    "open_findings",
    "pulse_task",
    "pulses",
    "purge",
    "record_heartbeat",
    "run_watch",
    "verdict_of",
]
