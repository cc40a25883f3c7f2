"""What is asked of the rules: who, which right, at which layer, of which record. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from standvast.kit.actor import Actor
from standvast.kit.words import marked


class Layer(StrEnum):
    """Where a decision is asked for; a shadow that skips one has not judged."""

    ROUTE = "route"
    """A page or a live route lets somebody in."""
    RECORD = "record"
    """A record is shown or changed."""
    MENU = "menu"
    """Something is shown or hidden: nobody wanted it yet."""


class Record(NamedTuple):
    """Which record it is about; nothing about who it is about."""

    kind: str = ""
    is_own: bool = True


HERE = Record()
"""The page as a whole, of one's own organisation."""


class Holding(StrEnum):
    """What one person has or lacks somewhere beside the role."""

    GIVEN = "given"
    """By the practice: a grant."""
    WITHHELD = "withheld"
    """By the practice: a grant that the role would bring."""
    EXCEPTION = "exception"
    """By the desk: a right, until the rules are mended."""
    GLASS = "glass"
    """By oneself: a right, in an emergency."""

    def of(self, name: str) -> str:
        """Return how it stands in `Actor.held`."""
        return f"{self.value}:{name}"


class Purpose(StrEnum):
    """Why the glass was broken: a closed list, so that the journal holds no care data."""

    URGENT_CARE = "urgent_care"
    STAND_IN = "stand_in"
    OTHER = "other"


PURPOSE_TITLES: Mapping[Purpose, str] = {
    Purpose.URGENT_CARE: marked("urgent care"),
    Purpose.STAND_IN: marked("standing in for a colleague"),
    Purpose.OTHER: marked("something else"),
}
PURPOSE_START = "purpose:"
"""How a purpose stands in `Actor.held`."""
GLASS_START = "glass."
"""How it stands in the journal's `purpose`."""

ABOVE = (Holding.EXCEPTION, Holding.GLASS)
"""These stand above the rules, whatever they forbid."""


def names_held(held: Collection[str], holding: Holding) -> list[str]:
    """Return the names held in one way, sorted."""
    start = f"{holding.value}:"
    return sorted(one.removeprefix(start) for one in held if one.startswith(start))


def above_of(actor: Actor, right: str) -> Holding | None:
    """Return what lifts this person above the rules for this right."""
    if not actor.held:
        return None
    return next((one for one in ABOVE if one.of(right) in actor.held), None)


def purpose_of(actor: Actor, right: str) -> str:
    """Return what the journal says of why a record was opened: empty unless by broken glass."""
    if Holding.GLASS.of(right) not in actor.held:
        return ""
    said = sorted(one for one in actor.held if one.startswith(PURPOSE_START))
    return GLASS_START + (said[0].removeprefix(PURPOSE_START) if said else Purpose.OTHER.value)


def purpose_title(said: str) -> str:
    """Return, marked, what an entry of the journal says of its purpose; empty for plain work."""
    code = said.removeprefix(GLASS_START)
    return PURPOSE_TITLES[Purpose(code)] if code in set(Purpose) and code != said else ""
