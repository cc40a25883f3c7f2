"""What others declare in `project/wiring.py`: components, edges, probes, sweeps, hearers."""

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from standvast.kit.wiring import Slot

Value = str | int | float
WHOLE = ""
"""The variant of a probe that looks at its target as a whole."""


class Verdict(StrEnum):
    """What is known of one thing. Unknown is never green."""

    GREEN = "green"
    RED = "red"
    PARTLY_RED = "partly_red"
    """Only of a component: some of its variants are red."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Component:
    """Something people or other components rely on."""

    slug: str
    title: str
    """A marked message id."""
    function_class: Literal["A", "B", "C"] = "B"
    audience: Literal["external", "internal"] = "external"


@dataclass(frozen=True)
class Edge:
    """`source` relies on `target`. Hard: it cannot go on without; soft: it can, in part."""

    source: str
    target: str
    hard: bool = True
    still_works: str = ""
    """Marked sentence: what goes on while `target` is down."""

    @property
    def slug(self) -> str:
        """The name by which a probe targets this edge."""
        return f"{self.source}>{self.target}"


@dataclass(frozen=True)
class Observation:
    """What one look saw. `template` is a marked sentence, filled with `values` when shown."""

    verdict: Verdict
    code: str = ""
    duration_ms: int = 0
    value: float | None = None
    """The figure looked at (seconds of delay, days left), for metrics and history."""
    template: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class ProbeContext:
    """What a probe gets: the instant, and how long it may take before it counts as red."""

    now: datetime
    deadline_s: float


Run = Callable[[ProbeContext], Awaitable[Observation]]


@dataclass(frozen=True)
class Probe:
    """Looks at one variant of one component or edge, again and again.

    With the defaults a fault is found within 35 s: an interval, the deadline, an interval.
    """

    name: str
    target: str
    run: Run
    variant: str = WHOLE
    kind: str = "custom"
    interval_s: float = 15.0
    deadline_s: float = 5.0
    red_after: int = 2
    green_after: int = 3
    without_database: bool = False
    """Says something even when our database is gone; the others pause until it is back."""

    def __post_init__(self) -> None:
        """Refuse what cannot be a probe."""
        assert self.name, "a probe has a name"
        assert len(self.name) <= NAME_MAX, self.name
        assert len(self.variant) <= NAME_MAX, self.variant
        assert self.red_after >= 1, self.name
        assert self.green_after >= 1, self.name
        assert self.deadline_s > 0, self.name
        assert self.interval_s > 0, self.name


NAME_MAX = 80


@dataclass(frozen=True)
class Sweep:
    """What the leading watch does by itself every `every_s`: tidy, expire, make ahead.

    `run(now)` is synchronous, opens its own transactions, and may be repeated at any moment.
    Past `deadline_s` its statement is ended and the sweep counts as failed.
    """

    name: str
    every_s: float
    run: Callable[[datetime], object]
    deadline_s: float = 30.0


@dataclass(frozen=True)
class FindingView:
    """A finding: something is red, or is not looked at."""

    id: uuid.UUID
    kind: str
    """`down`, `no_probe` or `silent`."""
    target: str
    variant: str
    probe: str
    code: str
    template: str
    values: Mapping[str, Value]
    began_at: datetime
    """The first red look of the row that led here."""
    opened_at: datetime
    """When it was found."""
    ended_at: datetime | None = None
    below: str = ""
    """The red parent that explains it; while set, no incident is made of it."""

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True)
class Figure:
    """One sample for /metrics. Labels never name a person."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    help: str = ""


@dataclass(frozen=True)
class NotReady:
    """Why a process may not take traffic yet. `template` is a marked sentence."""

    what: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)


Hearer = Callable[[FindingView, datetime], object]

COMPONENTS: Slot[Component] = Slot("health.components")
EDGES: Slot[Edge] = Slot("health.edges")
PROBES: Slot[Probe] = Slot("health.probes")
FLEETS: Slot[Callable[[], Sequence[Probe]]] = Slot("health.fleets")
"""Probes that are known from rows only, such as one for each system people click through to. Read
with a Django connection, by the leading watch every five seconds. A name stays with its thing."""
SWEEPS: Slot[Sweep] = Slot("health.sweeps")
HEARERS: Slot[Hearer] = Slot("health.hearers")
"""Called in a thread of the leading watch for each finding that opened, was freed from a parent
that is green again, or ended; at least once each, so they bear repeats (the finding's id)."""
BLIND_HEARERS: Slot[Callable[[Sequence[FindingView], datetime], object]] = Slot("health.blind")
"""Called by every watch while the database is gone, each ten seconds and at each change, with
what is red as far as it can see. They may not use the database."""
READY: Slot[Callable[[datetime], Sequence[NotReady]]] = Slot("health.ready")
"""What must be right before a process takes traffic. Asked until it once was: what fails later is a
finding, and stops nobody's work."""
FIGURES: Slot[Callable[[datetime], Sequence[Figure]]] = Slot("health.figures")
"""Read for /metrics, in a thread with a Django connection, at most once in five seconds."""
