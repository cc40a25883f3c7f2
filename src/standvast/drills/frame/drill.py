"""What a drill is: criteria, a live track, a desk track, and a twin that must fail."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from standvast.drills.frame.faults import FaultProxy
from standvast.drills.frame.lines import Criterion
from standvast.drills.frame.results import Say
from standvast.project.installation import Installation, Plan


@dataclass(frozen=True)
class Scale:
    """How large and how fast. `pace` 4 makes a minute of the timeline 15 s."""

    people_count: int
    pace: float


@dataclass(frozen=True)
class Measured:
    """What the live track saw: a value per criterion, and what explains it."""

    values: Mapping[str, float | None]
    notes: Mapping[str, str] = field(default_factory=dict)
    began_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Stage:
    """What a live track plays on."""

    installation: Installation
    proxy: FaultProxy
    scale: Scale
    is_twin: bool
    say: Say
    inside: "Inside"


Inside = Callable[..., Any]
"""`inside("package.module:function", **arguments)` runs it in the installation's own environment,
with its database, and returns what it returned as JSON."""


@dataclass(frozen=True)
class Drill:
    """One outage. `package` holds experiment.json and log.yaml."""

    name: str
    title: str
    package: str
    criteria: Sequence[Criterion]
    full: Scale
    small: Scale
    plan: Callable[[Scale, str], Plan]
    """The installation for a scale and a twin ("" is none)."""
    paths: Callable[[FaultProxy, Installation], None]
    """Put the fault proxy in between, before the processes start."""
    live: Callable[[Stage], Coroutine[Any, Any, Measured]]
    desk: str
    """`package.module:function`, run inside before the live track: replays log.yaml, returns
    values and notes."""
    twin: str
    twin_must_fail: frozenset[str]
    desk_lines: frozenset[str] = frozenset()
    """Criteria that the desk track measures; the twin has no desk track, so they are not asked."""

    def live_criteria(self) -> tuple[Criterion, ...]:
        """Return the criteria of the live track."""
        return tuple(c for c in self.criteria if c.name not in self.desk_lines)
