"""Frozen rows that pages and the command get."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.desk.releases.rules.answer import Answer
from standvast.desk.releases.rules.gates import Judgement
from standvast.desk.releases.rules.road import Place
from standvast.desk.releases.rules.states import Kind, State


@dataclass(frozen=True)
class ReleaseRow:
    """One line of the register."""

    id: uuid.UUID
    version: str
    kind: Kind
    hotfix_for: str
    incident_numbers: tuple[str, ...]
    digest: str
    built_at: datetime
    planned_at: datetime
    state: State
    state_title: str
    approved_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    is_broken: bool


@dataclass(frozen=True)
class GlassRow:
    """Two people let a digest through against the rule."""

    version: str
    digest: str
    names: tuple[str, str]
    reason: str
    clauses: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class RunRow:
    """A release started, or was taken back."""

    version: str
    at: datetime
    is_reverted: bool


@dataclass(frozen=True)
class OutsideRow:
    """A change of somebody else."""

    whose: str
    what: str
    at: datetime
    source: str


@dataclass(frozen=True)
class AtWork:
    """How many organisations are at work, of how many that are known."""

    open_count: int
    known_count: int


@dataclass(frozen=True)
class EnvironmentRow:
    """Which digest stands in an environment; empty: none is known."""

    name: str
    digest: str
    version: str
    since: datetime | None


@dataclass(frozen=True)
class RoadRow:
    """How exactly this build fares in one place on its way to people."""

    place: Place
    started_at: datetime | None
    finished_at: datetime | None
    is_open: bool
    """Whether it may go there: it was finished in every place before."""


@dataclass(frozen=True)
class ReleaseView:
    """One release with its gates and what the rule says, then and now."""

    row: ReleaseRow
    judgements: tuple[Judgement, ...]
    planned: Answer
    now: Answer
    broken: tuple[GlassRow, ...]
    stands_in: tuple[str, ...]
    """Environments in which exactly this digest stands."""
    road: tuple[RoadRow, ...]
    clashes: tuple[OutsideRow, ...]
    at_work: AtWork | None
    """At the planned time."""
