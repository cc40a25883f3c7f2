"""What other modules may import from tidings."""

from standvast.core.health.api import Sweep
from standvast.registry.tidings.contributions import PENDING, Pending
from standvast.registry.tidings.operations import forget_leaver, forget_tidings, tell
from standvast.registry.tidings.pages import bell

SWEEP_OF_TIDINGS = Sweep("tidings", 3_600.0, forget_tidings)

__all__ = ["PENDING", "SWEEP_OF_TIDINGS", "Pending", "bell", "forget_leaver", "tell"]
