"""Frozen rows of one incident: what templates and reports are given."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from standvast.desk.incidents.queries.lists import IncidentRow
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import Missing, Walk
from standvast.desk.incidents.rules.severity import Severity
from standvast.desk.incidents.rules.states import State


@dataclass(frozen=True)
class EntryRow:
    """One line of the timeline."""

    kind: EntryKind
    title: str
    at: datetime
    until: datetime | None
    recorded_at: datetime
    who: str
    source: str
    texts: Mapping[str, str]
    pinned: bool
    public: bool

    def said(self, language: str) -> str:
        """Return the words in this language, else in the one they were written in."""
        return self.texts.get(language) or next(iter(self.texts.values()), "")


@dataclass(frozen=True)
class CallRow:
    """One call."""

    id: uuid.UUID
    via: str
    caller: str
    caller_key: str
    contact: str
    variant: str
    text: str
    received_at: datetime
    told_at: datetime | None
    attempts_count: int
    still_broken: bool | None


@dataclass(frozen=True)
class ChangeRow:
    """One change of severity."""

    at: datetime
    before: str
    after: Severity
    rule_answer: Severity
    reason: str
    callers_count: int
    who: str
    text: str


@dataclass(frozen=True)
class UndertakingRow:
    """One undertaking."""

    id: uuid.UUID
    to: str
    due_at: datetime
    said_at: datetime
    by_rhythm: bool
    missed_at: datetime | None
    settled_at: datetime | None
    how: str


@dataclass(frozen=True)
class MitigationRow:
    """One workaround or closure."""

    id: uuid.UUID
    kind: str
    text: str
    covered_count: int | None
    affected_count: int | None
    rest_is_listed: bool
    owner: str
    ends_on: date | None
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class MilestoneRow:
    """One step on the way back."""

    step: str
    at: datetime | None
    needs_far_side: bool
    confirmed_by: str


@dataclass(frozen=True)
class RecoveryRow:
    """One lane's catching-up."""

    lane: str
    counted_at: datetime
    expected: int
    sent: int
    confirmed: int
    refused: int
    refused_owned: int

    @property
    def unconfirmed(self) -> int:
        """Sent and without an answer."""
        return self.sent - self.confirmed - self.refused


@dataclass(frozen=True)
class CallbackRow:
    """One row of a round of calling back."""

    id: uuid.UUID
    round: int
    place: int
    name: str
    contact: str
    language: str
    closes_at: datetime | None
    attempts_count: int
    outcome: str
    done_at: datetime | None


@dataclass(frozen=True)
class SightingRow:
    """One probe that was red in this incident."""

    target: str
    variant: str
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class IncidentView:
    """One incident with everything that belongs to it."""

    row: IncidentRow
    declared_at: datetime
    mitigated_at: datetime | None
    cause_known_at: datetime | None
    closed_at: datetime | None
    reopened_at: datetime | None
    told_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    override_by: str
    override_reason: str
    team: str
    trigger: str
    cause: str
    guard: str
    reproduction_path: str
    no_report_reason: str
    merged_into: str
    moves: tuple[State, ...]
    missing: tuple[Missing, ...]
    walks: tuple[Walk, ...]
    to_walk: tuple[str, ...]
    entries: tuple[EntryRow, ...]
    calls: tuple[CallRow, ...]
    changes: tuple[ChangeRow, ...]
    undertakings: tuple[UndertakingRow, ...]
    mitigations: tuple[MitigationRow, ...]
    milestones: tuple[MilestoneRow, ...]
    recoveries: tuple[RecoveryRow, ...]
    callbacks: tuple[CallbackRow, ...]
    sightings: tuple[SightingRow, ...]
    people: tuple[str, ...]
    """Names of those who acted; a report may hold none of them."""
    others: tuple[str, ...]
    """Numbers of other open incidents on this component: proposed for merging."""
