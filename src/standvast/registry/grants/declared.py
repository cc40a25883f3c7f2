"""What grants bring to the wiring: parts for the watch, sweeps."""

from standvast.core.health.api import Component, Sweep
from standvast.kit.words import marked
from standvast.registry.grants.operations.forgetting import forget
from standvast.registry.grants.operations.keeping import keep_keys

PARTS = (Component("sign-on", marked("Signing in to other apps with us"), "A"),)
SWEEPS_OF_GRANTS = (
    Sweep("grants.forget", 60.0, forget),
    Sweep("grants.keys", 3_600.0, keep_keys),
)
