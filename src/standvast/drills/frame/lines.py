"""Criteria and the lines they give: one per thing a person would recognise. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TARGET = re.compile(r"^(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)$")


@dataclass(frozen=True)
class Line:
    """One line of a verdict. `value` is None when nothing could be measured: that fails."""

    name: str
    value: float | None
    unit: str
    target: str
    passed: bool

    def shown(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "passed": self.passed,
        }


@dataclass(frozen=True)
class Criterion:
    """What is asked: `target` is `<= 2`, `= 0`, `>= 5000`; `asks` says it in people's words."""

    name: str
    unit: str
    target: str
    asks: str

    def __post_init__(self) -> None:
        assert _TARGET.match(self.target), f"{self.name}: a target is an operator and a number"


def holds(value: float | None, target: str) -> bool:
    """Whether a value meets a target; what was not measured, or is not a number, does not."""
    found = _TARGET.match(target)
    assert found is not None
    if value is None or math.isnan(value):
        return False
    bound = float(found[2])
    match found[1]:
        case "<=":
            return value <= bound
        case ">=":
            return value >= bound
        case "<":
            return value < bound
        case ">":
            return value > bound
        case _:
            return value == bound


def judged(criteria: Sequence[Criterion], values: Mapping[str, float | None]) -> tuple[Line, ...]:
    """Return one line per criterion, in their order.

    A value without a criterion is a mistake of the drill; a criterion without a value fails.
    """
    unknown = set(values) - {criterion.name for criterion in criteria}
    assert not unknown, f"measured, but no criterion: {sorted(unknown)}"
    return tuple(
        Line(
            name=c.name,
            value=_finite(values.get(c.name)),
            unit=c.unit,
            target=c.target,
            passed=holds(values.get(c.name), c.target),
        )
        for c in criteria
    )


def _finite(value: float | None) -> float | None:
    """JSON knows no infinity: what never came has no value."""
    return value if value is None or math.isfinite(value) else None


def failed_names(lines: Sequence[Line]) -> frozenset[str]:
    """Return the names of the lines that did not pass."""
    return frozenset(line.name for line in lines if not line.passed)


@dataclass(frozen=True)
class TwinVerdict:
    """Whether the faulty twin failed exactly where it must."""

    passed_wrongly: frozenset[str]
    """Named lines that the twin passed: the drill does not see the fault it is about."""
    failed_elsewhere: frozenset[str]
    """Lines it failed without being named: something else is broken."""

    @property
    def is_red_as_named(self) -> bool:
        """Whether the drill may be believed."""
        return not self.passed_wrongly and not self.failed_elsewhere


def twin_verdict(lines: Sequence[Line], *, must_fail: frozenset[str]) -> TwinVerdict:
    """Compare the twin's lines with the lines it is to fail."""
    known = {line.name for line in lines}
    assert must_fail, "a twin that need not fail proves nothing"
    assert must_fail <= known, f"no such lines: {sorted(must_fail - known)}"
    failed = failed_names(lines)
    return TwinVerdict(passed_wrongly=must_fail - failed, failed_elsewhere=failed - must_fail)


def twin_line(verdict: TwinVerdict, *, must_fail: frozenset[str]) -> Line:
    """Return the line that the twin adds to its drill: how many lines are not as they must be."""
    wrong = len(verdict.passed_wrongly) + len(verdict.failed_elsewhere)
    return Line(
        name="twin",
        value=float(wrong),
        unit=f"lines off; must fail {', '.join(sorted(must_fail))}",
        target="= 0",
        passed=verdict.is_red_as_named,
    )
