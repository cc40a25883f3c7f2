"""Sweeps seen as probes: each run is a look at the component `watch`."""

from standvast.core.health.declared import (
    PROBES,
    SWEEPS,
    Observation,
    Probe,
    ProbeContext,
    Sweep,
)
from standvast.core.health.fleets import fleet_probes
from standvast.kit.wiring import wired

TARGET = "watch"
OFTEN_S = 60.0


def sweep_probe(sweep: Sweep) -> Probe:
    """Return the sweep as the probe it is. A rare one is red at its first failure."""

    async def never(context: ProbeContext) -> Observation:
        raise AssertionError("a sweep is run by the sweeper")

    return Probe(
        name=f"sweep.{sweep.name}",
        target=TARGET,
        variant=f"sweep {sweep.name}",
        run=never,
        kind="sweep",
        interval_s=max(sweep.every_s, sweep.deadline_s),
        deadline_s=sweep.deadline_s,
        red_after=2 if sweep.every_s <= OFTEN_S else 1,
        green_after=1,
    )


def always_probes() -> tuple[Probe, ...]:
    """Return every probe of the wiring, sweeps included."""
    return wired(PROBES) + tuple(sweep_probe(sweep) for sweep in wired(SWEEPS))


def declared_probes() -> tuple[Probe, ...]:
    """Return every probe there is now, sweeps included. Asks the database."""
    return always_probes() + fleet_probes()
