"""The gates: what must be shown of a digest before people meet it.

A gate judges the newest evidence of exactly this digest. Evidence that says `ok` is held to its
figures; a figure that lacks makes it inconclusive, and so does nothing at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter

from standvast.desk.releases.rules.figures import (
    Clause,
    FigureMissing,
    Figures,
    Result,
    none_of,
    number,
    rows,
    said,
    true,
    within,
)
from standvast.kit.words import marked

DAYS_LEFT_MIN = 30
ROWS_PERCENT_MIN = 80


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
class Announced:
    """A change of somebody else near the planned time, and since when we know of it."""

    whose: str
    recorded_at: datetime


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


@dataclass(frozen=True)
class Gate:
    """A gate: its clauses, and which releases must pass it."""

    name: str
    title: str
    clauses: tuple[Clause, ...] = ()
    for_infrastructure_only: bool = False
    for_planned_day: bool = False
    of_how_many: str = ""
    """The figure that says of how many things this was shown; none of them is nothing to show."""


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
            Clause(
                lambda f: not f.get("missing"),
                FAILED,
                marked("No certificate is in use for {missing}."),
            ),
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
                lambda f: not f.get("not_yet"),
                FAILED,
                marked("The certificate is not valid yet."),
            ),
            Clause(
                lambda f: not f.get("weak"),
                FAILED,
                marked("The certificate is too weak to be believed."),
            ),
            Clause(
                lambda f: number(f, "days_left") > DAYS_LEFT_MIN,
                FAILED,
                marked("The certificate ends in {days_left} days; more than 30 are needed."),
            ),
            true("peer_reached", INCONCLUSIVE, marked("The peer could not be reached.")),
            true("handshake", FAILED, marked("The peer refused the handshake.")),
        ),
        of_how_many="certificates",
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
            Clause(
                lambda f: rows(f, "lost_rows") <= rows(f, "lost_rows_max"),
                FAILED,
                marked("{lost_rows} rows that were there before were gone after it."),
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
            true(
                "declared_compared",
                INCONCLUSIVE,
                marked("What the build declares was not compared with what runs."),
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
            Clause(
                lambda f: f.get("written_rows") != 0,
                INCONCLUSIVE,
                marked("Nothing was written meanwhile, so nothing could be lost."),
            ),
            Clause(
                lambda f: f.get("is_production") is not False,
                INCONCLUSIVE,
                marked("It went back to another build than the one in production."),
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
WORTH = {
    Result.OK: marked("Shown of this digest."),
    FAILED: marked("It failed."),
    INCONCLUSIVE: marked("It could not be decided, which counts as refused."),
}
WORTH_SAYING = {
    FAILED: marked("It failed: {sentence}"),
    INCONCLUSIVE: marked("It could not be decided, which counts as refused: {sentence}"),
}
NAMES = tuple(gate.name for gate in GATES)


def gates_for(*, is_infrastructure: bool) -> tuple[Gate, ...]:
    """Return the gates that a release must pass."""
    return tuple(gate for gate in GATES if is_infrastructure or not gate.for_infrastructure_only)


def judge(
    gate: Gate,
    shown: Sequence[Evidence],
    *,
    digest: str,
    built_at: datetime,
    planned_day: str,
    announced: Sequence[Announced] = (),
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
    late = [one.whose for one in announced if one.recorded_at > newest.at]
    if gate.for_planned_day and result is Result.OK and late:
        result, values = INCONCLUSIVE, {"names": ", ".join(late)}
        template = marked("Announced since the calendar was looked at: {names}.")
    return Judgement(gate.name, gate.title, result, template, values, newest)


def _weighed(
    gate: Gate, evidence: Evidence, planned_day: str
) -> tuple[Result, str, Mapping[str, object]]:
    values = dict.fromkeys(_names_in(gate), "?") | dict(evidence.figures)
    if gate.of_how_many and evidence.figures.get(gate.of_how_many) == 0:
        return evidence.result, marked("This installation has nothing to show here."), {}
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
    template = WORTH[evidence.result]
    if evidence.sentence and evidence.result is not Result.OK:
        template = WORTH_SAYING[evidence.result]
    return evidence.result, template, {"sentence": evidence.sentence}


def _names_in(gate: Gate) -> set[str]:
    return {
        name
        for clause in gate.clauses
        for _, name, _, _ in Formatter().parse(clause.template)
        if name
    }
