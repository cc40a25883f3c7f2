"""Heartbeat: something that should happen calls an unguessable address when it did."""

from datetime import datetime

from standvast.core.health.declared import PROBES, WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.models import Heartbeat
from standvast.core.health.probes.kinds import from_django, green, red, unknown
from standvast.kit.wiring import wired
from standvast.kit.words import marked

KIND = "heartbeat"
MISSED = marked("{heartbeat} was last heard {seconds} seconds ago; {grace} is allowed.")


def heartbeat_probe(
    name: str, target: str, *, grace_s: float, variant: str = WHOLE, interval_s: float = 15.0
) -> Probe:
    """Red when nothing was heard for `grace_s`; unknown until the first beat."""

    def last(now: datetime) -> float | None:
        row = Heartbeat.objects.filter(name=name).first()
        return None if row is None else (now - row.at).total_seconds()

    ask = from_django(last)

    async def run(context: ProbeContext) -> Observation:
        age_s = await ask(context)
        if age_s is None:
            return unknown("health.heartbeat_never")
        if age_s > grace_s:
            return red(
                "health.heartbeat_missed",
                MISSED,
                value=age_s,
                heartbeat=name,
                seconds=int(age_s),
                grace=int(grace_s),
            )
        return green(value=age_s)

    return Probe(name, target, run, variant, KIND, interval_s, red_after=1, green_after=1)


def heartbeat_names() -> tuple[str, ...]:
    """Return the heartbeats that are waited for."""
    return tuple(probe.name for probe in wired(PROBES) if probe.kind == KIND)
