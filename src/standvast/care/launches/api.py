"""What the composition root and drills may import from launches."""

from standvast.care.launches.declared import PARTS, SWEEPS_OF_LAUNCHES
from standvast.care.launches.operations.registering import know_system
from standvast.care.launches.probes import PROBES_OF_LAUNCHES

__all__ = ["PARTS", "PROBES_OF_LAUNCHES", "SWEEPS_OF_LAUNCHES", "know_system"]
