"""What launches bring to the wiring: parts for the watch, sweeps."""

from standvast.care.launches.operations.forgetting import forget_tokens
from standvast.core.health.api import Component, Sweep
from standvast.kit.words import marked

PARTS = (Component("launches", marked("Clicking through from other systems"), "A"),)
SWEEPS_OF_LAUNCHES = (Sweep("launches.tokens", 60.0, forget_tokens),)
