"""The one list of what the floors bring to each other. Explicit, no registration at import."""

from standvast.kit.wiring import Wiring

WIRING = Wiring()
