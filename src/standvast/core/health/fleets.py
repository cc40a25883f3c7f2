"""Probes that are known from rows only, beside those of the wiring."""

from standvast.core.health.declared import FLEETS, PROBES, Probe
from standvast.kit.wiring import wired


def fleet_probes() -> tuple[Probe, ...]:
    """Return the probes that rows ask for now. Asks the database."""
    return tuple(probe for read in wired(FLEETS) for probe in read())


def probes_now() -> tuple[Probe, ...]:
    """Return every probe there is now, sweeps apart. Asks the database."""
    return wired(PROBES) + fleet_probes()
