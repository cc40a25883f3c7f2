"""What waits for an act of somebody: told until it is done, not until it is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot, wired

SHOWN_MAX = 20


@dataclass(frozen=True)
class Pending:
    """One thing that waits: a marked sentence, and where it is done."""

    template: str
    values: Mapping[str, object]
    url: str


PENDING: Slot[Callable[[Actor, datetime], Sequence[Pending]]] = Slot("pending")
"""Asked on every page of somebody at work: must be cheap."""


def pending_for(actor: Actor, now: datetime) -> list[Pending]:
    """Return what waits for the actor; at most twenty."""
    return [one for ask in wired(PENDING) for one in ask(actor, now)][:SHOWN_MAX]
