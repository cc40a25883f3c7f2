"""What modules above bring to the page of colleagues, and to somebody's leaving."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from standvast.kit.actor import Actor
from standvast.kit.wiring import Slot


@dataclass(frozen=True)
class ColleagueLine:
    """What is known of a colleague beside their role."""

    url: str
    """Their own page."""
    functions: tuple[str, ...] = ()
    """Marked."""
    today: str = ""
    """Marked, with `values`: whether they are there."""
    values: Mapping[str, object] | None = None


@dataclass(frozen=True)
class StaffLink:
    """Another page about the staff, for who has the right."""

    title: str
    """Marked."""
    url_name: str
    right: str
    count: Callable[[Actor, datetime], int] = lambda actor, now: 0


STAFF_LINES: Slot[Callable[[uuid.UUID, datetime], Mapping[uuid.UUID, ColleagueLine]]] = Slot(
    "staff_lines"
)
"""(organisation, now) -> a line per membership."""
STAFF_LINKS: Slot[StaffLink] = Slot("staff_links")


class Leave(Protocol):
    """What else ends when somebody no longer works somewhere: tokens, links, what was told."""

    def __call__(
        self, *, person_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime
    ) -> object:
        """End it, in the transaction that ends the membership."""
        ...


LEAVES: Slot[Leave] = Slot("leaves")
"""Operations of other modules, called one after the other; if one fails, nothing ended."""
