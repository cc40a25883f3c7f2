"""What evidence says in figures, and what a gate asks of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Figures = Mapping[str, object]


class Result(StrEnum):
    """What evidence says, and what a gate makes of it."""

    OK = "ok"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


class FigureMissing(Exception):
    """The evidence lacks a figure that the gate needs."""


@dataclass(frozen=True)
class Clause:
    """One thing that the figures must show; else the evidence is worth `otherwise`."""

    holds: Callable[[Figures], bool]
    otherwise: Result
    template: str


def number(figures: Figures, name: str) -> float:
    """Return a figure.

    :raises FigureMissing: if it is not there, or no number.
    """
    value = figures.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise FigureMissing(name)
    return float(value)


def rows(figures: Figures, name: str) -> float:
    """Return a count that need not be said: none, then."""
    return number(figures, name) if name in figures else 0.0


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
