"""Every right there is, and whether somebody has it: the one place where yes or no is said."""

from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot, wired
from standvast.registry.access.rules import Right
from standvast.registry.access.ruling.cedar import Decision
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.question import HERE, Layer, Record

RIGHTS: Slot[Right] = Slot("rights")
"""Every right there is; each module brings its own."""


def right_named(name: str) -> Right:
    """Return the right of this name. An unknown name is our own mistake."""
    for right in wired(RIGHTS):
        if right.name == name:
            return right
    raise AssertionError(f"no module brings the right {name!r}")


def decided(actor: Actor, right: str, *, layer: Layer, record: Record = HERE) -> Decision:
    """Return what the enforced rules say; the set in the shadow is asked beside them."""
    return memory.of(wired(RIGHTS)).decide(actor, right, layer=layer, record=record)
