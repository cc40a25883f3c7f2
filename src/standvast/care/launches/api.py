"""What the composition root and drills may import from launches."""

from standvast.care.launches.declared import PARTS, SWEEPS_OF_LAUNCHES
from standvast.care.launches.operations.registering import know_system

__all__ = ["PARTS", "SWEEPS_OF_LAUNCHES", "know_system"]
