"""What a report may be made of: frozen facts, and their fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Texts = Mapping[str, str]
ZONE = ZoneInfo("Europe/Amsterdam")
FIXING = ("fix", "mitigation", "closure")


@dataclass(frozen=True)
class LineFact:
    """One pinned line of a timeline."""

    kind: str
    at: datetime
    texts: Texts

    def said(self, language: str) -> str:
        """Return the words in this language, else as they were written."""
        return in_language(self.texts, language)


@dataclass(frozen=True)
class UndertakingFact:
    """A promised next update and what became of it."""

    to: str
    due_at: datetime
    settled_at: datetime | None
    missed_at: datetime | None
    how: str = ""
    by_rhythm: bool = False


@dataclass(frozen=True)
class RecoveryFact:
    """One lane's catching-up."""

    lane: str
    expected: int
    sent: int
    confirmed: int
    refused: int

    @property
    def is_complete(self) -> bool:
        """Whether everything was sent and answered."""
        return self.sent == self.expected == self.confirmed + self.refused


@dataclass(frozen=True)
class RedFact:
    """A variant that was red, from when to when."""

    what: Texts
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class StepFact:
    """A milestone on the way back."""

    step: str
    at: datetime | None
    confirmed_by: str = ""


@dataclass(frozen=True)
class ActionFact:
    """What follows, or why nothing does."""

    text: str
    owner: str
    due_on: date | None
    proof_kind: str
    """drill, test or empty."""
    proof: str
    is_long_term: bool = False
    no_action: bool = False
    """The text then says why."""


@dataclass(frozen=True)
class IncidentFact:
    """One incident, as a report needs it."""

    number: str
    titles: Texts
    variants: tuple[str, ...]
    function_class: str
    severity: str
    severities: tuple[str, ...]
    found_by: str
    began_at: datetime
    found_at: datetime
    declared_at: datetime
    mitigated_at: datetime | None = None
    cause_known_at: datetime | None = None
    restored_at: datetime | None = None
    solved_at: datetime | None = None
    reopened_at: datetime | None = None
    trigger: str = ""
    cause: str = ""
    guard: str = ""
    team: str = ""
    calls_count: int = 0
    callers_count: int = 0
    told_count: int = 0
    to_call_back_count: int = 0
    reached_count: int = 0
    lines: tuple[LineFact, ...] = ()
    news: tuple[LineFact, ...] = ()
    undertakings: tuple[UndertakingFact, ...] = ()
    recoveries: tuple[RecoveryFact, ...] = ()
    reds: tuple[RedFact, ...] = ()
    steps: tuple[StepFact, ...] = ()
    actions: tuple[ActionFact, ...] = ()

    def title(self, language: str) -> str:
        """Return the component's name with its variants."""
        name = self.titles.get(language) or next(iter(self.titles.values()), self.number)
        return f"{name} ({', '.join(self.variants)})" if self.variants else name

    @property
    def is_over(self) -> bool:
        """Whether it is at least restored."""
        return self.restored_at is not None

    @property
    def lasted(self) -> timedelta | None:
        """How long, from its begin until restored."""
        return None if self.restored_at is None else self.restored_at - self.began_at


@dataclass(frozen=True)
class RunFact:
    """A drill or test that ran: what it proves, and whether its red twin failed."""

    name: str
    verdict: str
    twin_verdict: str
    at: datetime
    lines: tuple[str, ...] = ()

    @property
    def proves(self) -> bool:
        """Whether it passed, and its twin failed as it must."""
        return self.verdict == "passed" and self.twin_verdict == "failed"


@dataclass(frozen=True)
class Facts:
    """All that one report is made of."""

    incidents: tuple[IncidentFact, ...]
    still_working: tuple[Texts, ...] = ()
    """Components that stayed green all the while."""
    runs: tuple[RunFact, ...] = ()
    people: tuple[str, ...] = ()
    """Names of those who acted: none of them may stand in the report."""

    @property
    def began_at(self) -> datetime:
        """The first begin."""
        return min(incident.began_at for incident in self.incidents)

    @property
    def ended_at(self) -> datetime | None:
        """The last end, when all are at least restored."""
        ends = [incident.solved_at or incident.restored_at for incident in self.incidents]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None

    @property
    def nothing_lost_is_proven(self) -> bool:
        """Whether every count is complete, and a drill or test about loss passed with its twin."""
        counts = [count for incident in self.incidents for count in incident.recoveries]
        checked = any(run.proves and _about_loss(run) for run in self.runs)
        return bool(counts) and all(count.is_complete for count in counts) and checked


LOSS_LINES = {"lost", "stored", "mails", "counts"}


def _about_loss(run: RunFact) -> bool:
    return bool(LOSS_LINES & set(run.lines))


def canonical(facts: Facts) -> str:
    """Return the facts as JSON with sorted keys and instants in UTC; names of people left out."""
    plain: dict[str, Any] = asdict(facts)
    plain.pop("people")
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo("UTC")).isoformat()
    assert isinstance(value, date), value
    return value.isoformat()


def fingerprint(facts: Facts) -> str:
    """Return the SHA-256 of the facts, printed in the report."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def in_language(texts: Texts, language: str) -> str:
    """Return the words in this language, else in the one there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def local(at: datetime) -> datetime:
    """Return the instant as the clock on the wall shows it."""
    return at.astimezone(ZONE)
