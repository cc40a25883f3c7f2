"""The gates: what must be shown of a digest before people meet it.

A gate judges the newest evidence of exactly this digest. Evidence that says `ok` is held to its
figures; a figure that lacks makes it inconclusive, and so does nothing at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from string import Formatter

from standvast.kit.words import marked

Figures = Mapping[str, object]
DAYS_LEFT_MIN = 30
ROWS_PERCENT_MIN = 80


class Result(StrEnum):
    """What evidence says, and what a gate makes of it."""

    OK = "ok"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Evidence:
    """One thing that was shown of one digest."""

    gate: str
    digest: str
    result: Result
    at: datetime
    environment: str = ""
    figures: Figures = field(default_factory=dict)
    sentence: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a gate says of a digest: only `ok` lets it through."""

    gate: str
    title: str
    result: Result
    template: str
    values: Mapping[str, object]
    evidence: Evidence | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the gate is open."""
        return self.result is Result.OK


class FigureMissing(Exception):
    """The evidence lacks a figure that the gate needs."""


@dataclass(frozen=True)
class Clause:
    """One thing that the figures must show; else the evidence is worth `otherwise`."""

    holds: Callable[[Figures], bool]
    otherwise: Result
    template: str


@dataclass(frozen=True)
class Gate:
    """A gate: its clauses, and which releases must pass it."""

    name: str
    title: str
    clauses: tuple[Clause, ...] = ()
    for_infrastructure_only: bool = False
    for_planned_day: bool = False


def number(figures: Figures, name: str) -> float:
    """Return a figure.

    :raises FigureMissing: if it is not there, or no number.
    """
    value = figures.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise FigureMissing(name)
    return float(value)


def said(figures: Figures, name: str) -> bool:
    """Return whether something was found so.

    :raises FigureMissing: if nothing was said of it.
    """
    value = figures.get(name)
    if not isinstance(value, bool):
        raise FigureMissing(name)
    return value


def none_of(name: str, otherwise: Result, template: str) -> Clause:
    """Return the clause that a count is zero."""
    return Clause(lambda figures: number(figures, name) == 0, otherwise, template)


def true(name: str, otherwise: Result, template: str) -> Clause:
    """Return the clause that something was found so."""
    return Clause(lambda figures: said(figures, name), otherwise, template)


def within(name: str, bound: str, template: str) -> Clause:
    """Return the clause that a figure is within the bound that the evidence states."""
    return Clause(
        lambda figures: number(figures, name) <= number(figures, bound), Result.FAILED, template
    )


FAILED, INCONCLUSIVE = Result.FAILED, Result.INCONCLUSIVE
GATES: tuple[Gate, ...] = (
    Gate(
        "retest",
        marked("Retest"),
        (
            none_of("failed", FAILED, marked("{failed} tests failed.")),
            Clause(lambda f: number(f, "passed") > 0, INCONCLUSIVE, marked("No test was run.")),
            none_of(
                "newly_skipped",
                INCONCLUSIVE,
                marked("{newly_skipped} tests were skipped that ran before."),
            ),
        ),
    ),
    Gate(
        "certificate",
        marked("Certificates"),
        (
            true("peer_reached", INCONCLUSIVE, marked("The peer could not be reached.")),
            true("key_fits", FAILED, marked("The key does not fit the certificate.")),
            true("chain_ok", FAILED, marked("The chain of the certificate is not trusted.")),
            true("client_auth", FAILED, marked("The certificate is not for client sign-in.")),
            true("subject_ok", FAILED, marked("The certificate is of somebody else.")),
            Clause(
                lambda f: not said(f, "test_issuer"),
                FAILED,
                marked("The certificate is from a test issuer: {issuer}."),
            ),
            Clause(
                lambda f: number(f, "days_left") > DAYS_LEFT_MIN,
                FAILED,
                marked("The certificate ends in {days_left} days; more than 30 are needed."),
            ),
            true("handshake", FAILED, marked("The peer refused the handshake.")),
        ),
    ),
    Gate(
        "script",
        marked("Scripts rehearsed"),
        (
            none_of("faults", FAILED, marked("The script failed at line {line}.")),
            none_of("lint_faults", FAILED, marked("The linters found {lint_faults} faults.")),
            Clause(
                lambda f: number(f, "rows_percent") >= ROWS_PERCENT_MIN,
                INCONCLUSIVE,
                marked("The copy held {rows_percent} % of production's rows; 80 % is needed."),
            ),
            within(
                "took_s", "took_s_max", marked("It took {took_s} s; {took_s_max} s is the bound.")
            ),
            within(
                "lock_s",
                "lock_s_max",
                marked("It held a lock for {lock_s} s; {lock_s_max} s is the bound."),
            ),
        ),
    ),
    Gate(
        "shadow",
        marked("Access rules in the shadow"),
        (
            Clause(
                lambda f: number(f, "decisions") >= max(1, number(f, "decisions_min")),
                INCONCLUSIVE,
                marked("Only {decisions} decisions were compared; {decisions_min} are needed."),
            ),
            none_of(
                "layers_not_judged",
                INCONCLUSIVE,
                marked("{layers_not_judged} layers were not judged."),
            ),
            Clause(
                lambda f: number(f, "denied") <= number(f, "signed_off"),
                FAILED,
                marked(
                    "{denied} people would be denied what they have; {signed_off} are signed off."
                ),
            ),
        ),
    ),
    Gate(
        "walks",
        marked("Walks"),
        (
            none_of(
                "far_side_down",
                INCONCLUSIVE,
                marked("{far_side_down} walks met a test system that was down."),
            ),
            none_of("failed", FAILED, marked("{failed} walks failed.")),
            Clause(lambda f: number(f, "passed") > 0, INCONCLUSIVE, marked("Nothing was walked.")),
        ),
    ),
    Gate(
        "way_back",
        marked("Way back"),
        (
            true("reverted", FAILED, marked("Reverting did not work in rehearsal.")),
            none_of(
                "lost_rows",
                FAILED,
                marked("{lost_rows} rows written meanwhile did not survive it."),
            ),
        ),
    ),
    Gate(
        "capacity",
        marked("Capacity"),
        (
            Clause(
                lambda f: number(f, "spread_percent") <= number(f, "spread_percent_max"),
                INCONCLUSIVE,
                marked("The control itself varied by {spread_percent} %."),
            ),
            within(
                "p95_ratio",
                "p95_ratio_max",
                marked("It was {p95_ratio} times as slow; {p95_ratio_max} is the bound."),
            ),
        ),
        for_infrastructure_only=True,
    ),
    Gate("outside", marked("Outside changes"), for_planned_day=True),
)
NAMES = tuple(gate.name for gate in GATES)


def gates_for(*, is_infrastructure: bool) -> tuple[Gate, ...]:
    """Return the gates that a release must pass."""
    return tuple(gate for gate in GATES if is_infrastructure or not gate.for_infrastructure_only)


def judge(
    gate: Gate, shown: Sequence[Evidence], *, digest: str, built_at: datetime, planned_day: str
) -> Judgement:
    """Return what the newest evidence of this gate says of this digest."""
    own = [one for one in shown if one.gate == gate.name]
    newest = max(
        (one for one in own if one.digest == digest and one.at >= built_at),
        key=lambda one: one.at,
        default=None,
    )
    if newest is None:
        template = (
            marked("The build changed since this was shown. Show it again of this digest.")
            if own
            else marked("Nothing was shown yet.")
        )
        return Judgement(gate.name, gate.title, INCONCLUSIVE, template, {})
    result, template, values = _weighed(gate, newest, planned_day)
    return Judgement(gate.name, gate.title, result, template, values, newest)


def _weighed(
    gate: Gate, evidence: Evidence, planned_day: str
) -> tuple[Result, str, Mapping[str, object]]:
    values = dict.fromkeys(_names_in(gate), "?") | dict(evidence.figures)
    for clause in gate.clauses:
        try:
            if not clause.holds(evidence.figures) and evidence.result is not INCONCLUSIVE:
                return clause.otherwise, clause.template, values
        except FigureMissing as lack:
            if evidence.result is Result.OK:
                said_of = {"name": str(lack)}
                return INCONCLUSIVE, marked("The evidence lacks the figure {name}."), said_of
    if gate.for_planned_day and evidence.figures.get("day") != planned_day:
        return INCONCLUSIVE, marked("The calendar was looked at for another day."), {}
    templates = {
        Result.OK: marked("Shown of this digest."),
        FAILED: marked("It failed."),
        INCONCLUSIVE: marked("It could not be decided, which counts as refused."),
    }
    return evidence.result, templates[evidence.result], {}


def _names_in(gate: Gate) -> set[str]:
    return {
        name
        for clause in gate.clauses
        for _, name, _, _ in Formatter().parse(clause.template)
        if name
    }
