"""What others bring: functions that can be closed, and what is publicly said of incidents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from standvast.kit.wiring import Slot

Texts = Mapping[str, str]
"""By language: nl, fr, en. One is enough; a missing one is said to follow."""

Impact = Literal["none", "minor", "major", "critical"]


@dataclass(frozen=True)
class Function:
    """Something people do that the desk can close, with what they then see by default."""

    slug: str
    """`module.verb`, such as `campaigns.order`: what `check_open` is asked."""
    title: str
    """Marked."""
    component: str
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class PublicUpdate:
    """One thing said in public about an incident."""

    id: str
    at: datetime
    state: str
    """investigating, identified, monitoring, resolved or postmortem."""
    texts: Texts


@dataclass(frozen=True)
class PublicEntry:
    """An incident as everybody may see it: no names, no organisations."""

    id: str
    number: str
    titles: Texts
    state: str
    impact: Impact
    components: tuple[str, ...]
    began_at: datetime
    updates: tuple[PublicUpdate, ...] = ()
    """Newest first."""
    resolved_at: datetime | None = None
    next_news_at: datetime | None = None


@dataclass(frozen=True)
class OpenWork:
    """An incident that is somebody's work now, as the desk's first page lists it."""

    number: str
    address: str
    title: str
    """Marked, as are the two below."""
    severity_title: str
    state_title: str
    look: str
    """A badge's kind: harm, late or info."""
    found_at: datetime
    next_due_at: datetime | None
    is_taken: bool


FUNCTIONS: Slot[Function] = Slot("status.functions")
PUBLIC_ENTRIES: Slot[Callable[[datetime], Sequence[PublicEntry]]] = Slot("status.public_entries")
"""Each returns the open incidents and those solved in the last 14 days; at most 50."""

OPEN_WORK: Slot[Callable[[datetime], Sequence[OpenWork]]] = Slot("status.open_work")
"""What is open at the desk, gravest first; at most 200."""
