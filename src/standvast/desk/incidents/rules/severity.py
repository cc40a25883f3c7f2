"""How bad it is: class of the function x evidence, and a person's word beside the rule's.

Thresholds are data with the defaults of `Thresholds`; see docs/adr/0009-incidents.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from standvast.kit.words import marked

FunctionClass = Literal["A", "B", "C"]
CLASSES: tuple[FunctionClass, ...] = ("A", "B", "C")


def as_class(text: str) -> FunctionClass:
    """Return the text as a function class; anything else is our own mistake."""
    assert text in CLASSES, text
    return text


LITTLE_USED_SHARE = 0.05
CALLS_HOURS_MAX = 24


class Severity(StrEnum):
    """What an incident asks of us. Compare by `rank`, never by name."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Order: minor 1, major 2, critical 3."""
        return {"minor": 1, "major": 2, "critical": 3}[self.value]


SEVERITY_TITLES = {
    Severity.MINOR: marked("Minor"),
    Severity.MAJOR: marked("Major"),
    Severity.CRITICAL: marked("Critical"),
}


class Level(StrEnum):
    """How much speaks for the incident."""

    SINGLE = "single"
    SEVERAL = "several"
    MANY = "many"


class Reason(StrEnum):
    """Why a severity changed. The last four may let it sink."""

    CALLERS = "callers"
    LOG = "log"
    PROBE = "probe"
    SCOPE = "scope"
    CLASS = "class"
    DECISION = "decision"
    WORKAROUND = "workaround"


MAY_SINK = frozenset({Reason.SCOPE, Reason.CLASS, Reason.DECISION, Reason.WORKAROUND})
"""A person looked: silence, a green probe or an old call is not among them."""

TABLE: dict[tuple[FunctionClass, Level], Severity] = {
    ("A", Level.SINGLE): Severity.MAJOR,
    ("B", Level.SINGLE): Severity.MAJOR,
    ("C", Level.SINGLE): Severity.MINOR,
    ("A", Level.SEVERAL): Severity.CRITICAL,
    ("B", Level.SEVERAL): Severity.CRITICAL,
    ("C", Level.SEVERAL): Severity.MAJOR,
    ("A", Level.MANY): Severity.CRITICAL,
    ("B", Level.MANY): Severity.CRITICAL,
    ("C", Level.MANY): Severity.CRITICAL,
}


@dataclass(frozen=True)
class Thresholds:
    """When a number of callers counts for more; an installation may have its own."""

    several_a: int = 2
    several_bc: int = 3
    many: int = 10
    log_minutes: int = 15

    def several(self, function_class: FunctionClass) -> int:
        """Return how many callers make several for this class."""
        return self.several_a if function_class == "A" else self.several_bc


DEFAULTS = Thresholds()


@dataclass(frozen=True)
class Evidence:
    """What is known about one scope at one instant."""

    callers_count: int = 0
    red_variants_count: int = 0
    whole_red: bool = False
    """The component is red as a whole, not only some of its variants."""
    log_over_s: float = 0.0
    """How long the fault rate in the log has been over its threshold."""
    users_count: int | None = None
    """Organisations that use the scope, where known."""


@dataclass(frozen=True)
class CallSeen:
    """One call as the rule sees it."""

    caller: str
    received_at: datetime


def callers_count(calls: Iterable[CallSeen], *, counted_from: datetime, now: datetime) -> int:
    """Count distinct callers since declaration or the last reopening, at most 24 h back."""
    begin = max(counted_from, now - timedelta(hours=CALLS_HOURS_MAX))
    return len({call.caller for call in calls if begin <= call.received_at <= now})


def scope_class(
    component_class: FunctionClass, *, whole: bool, used_share: float | None
) -> FunctionClass:
    """Return the class of the scope: one lower for variants that few organisations use.

    `used_share` is the share of organisations that used these variants in 30 days; unknown
    counts as much used, since a wrong guess upward costs a page and downward a night.
    """
    if whole or used_share is None or used_share >= LITTLE_USED_SHARE:
        return component_class
    return CLASSES[min(CLASSES.index(component_class) + 1, len(CLASSES) - 1)]


def level_of(
    evidence: Evidence, function_class: FunctionClass, thresholds: Thresholds = DEFAULTS
) -> Level:
    """Return single, several or many.

    "Every organisation that uses it" asks for at least the callers of several: a launch with
    one user would otherwise be critical at its first call.
    """
    several = thresholds.several(function_class)
    callers, users = evidence.callers_count, evidence.users_count
    if callers >= thresholds.many or (users is not None and callers >= max(users, several)):
        return Level.MANY
    log_long = evidence.log_over_s >= thresholds.log_minutes * 60
    if callers >= several or evidence.whole_red or log_long:
        return Level.SEVERAL
    return Level.SINGLE


def rule_answer(
    evidence: Evidence, function_class: FunctionClass, thresholds: Thresholds = DEFAULTS
) -> Severity:
    """Return what the rule says of this evidence."""
    return TABLE[function_class, level_of(evidence, function_class, thresholds)]


def next_answer(previous: Severity, fresh: Severity, reason: Reason) -> Severity:
    """Return the rule's answer after a look: it rises by itself and sinks only by an act."""
    if fresh.rank >= previous.rank or reason in MAY_SINK:
        return fresh
    return previous


def effective(rule: Severity, override: Severity | None) -> Severity:
    """Return what counts: a person's word where there is one."""
    return override or rule


def override_is_overtaken(
    *, rule_now: Severity, rule_then: Severity, override: Severity | None
) -> bool:
    """Return whether the rule has risen above a person's word since it was given."""
    return override is not None and rule_now.rank > override.rank and rule_now.rank > rule_then.rank
