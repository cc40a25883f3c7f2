"""What launches bring to the wiring."""

from standvast.care.launches import api as launches
from standvast.core.health import api as health
from standvast.kit.wiring import Filling


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        health.COMPONENTS.filled(*launches.PARTS),
        health.PROBES.filled(*launches.PROBES_OF_LAUNCHES),
        health.SWEEPS.filled(*launches.SWEEPS_OF_LAUNCHES),
    )
