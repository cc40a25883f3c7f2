"""Who may be claimed for: main practitioner, coverage on a day, and what is missing. Pure.

`sql/candidates.sql` decides the same for a whole quarter in one statement; a property test holds
the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from standvast.care.insurance.rules.coverage import Status
from standvast.kit.words import marked


class Main(StrEnum):
    """Who is a patient's main practitioner in a programme."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    """Another practice claims."""
    NONE = "none"
    DOUBLE = "double"
    """Two practices say that they are."""


OPEN = (Main.NONE, Main.DOUBLE)
"""Somebody has to decide before anything is submitted."""


class Held(StrEnum):
    """Why a line does not go. The first that applies is said."""

    NOTHING = ""
    OPEN = "open"
    NOTHING_DONE = "nothing_done"
    CLAIMED_ALREADY = "claimed_already"
    """The same was claimed for this person on that day, and stands."""
    NO_TARIFF = "no_tariff"
    COVERAGE_UNKNOWN = "coverage_unknown"
    NOT_INSURED = "not_insured"


HELD_BECAUSE: Mapping[Held, str] = {
    Held.OPEN: marked("It is not decided who the main practitioner is."),
    Held.NOTHING_DONE: marked("Nothing was done in this quarter."),
    Held.CLAIMED_ALREADY: marked(
        "The same was claimed already for this person on that day. Correct that line."
    ),
    Held.NO_TARIFF: marked("There is no tariff for this on that day."),
    Held.COVERAGE_UNKNOWN: marked("It is not known whether this person was insured on that day."),
    Held.NOT_INSURED: marked("This person was not insured on that day."),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the insurers said last: about which day, and the insurance that counts."""

    status: Status
    answered_on: date
    from_on: date | None = None
    until_on: date | None = None
    """Its last day."""


def covered_on(day: date, known: Known | None) -> Status:
    """Return whether somebody was insured on a day, as far as an answer about another day tells.

    An insurance counts from its first day to its last, or to the day that was asked about: of what
    came later, and of what was before it, an answer tells nothing.
    """
    if known is None or known.status is Status.UNKNOWN:
        return Status.UNKNOWN
    if known.from_on is not None:
        last_on = known.until_on
        if last_on is None and known.status is Status.INSURED:
            last_on = known.answered_on
        if last_on is not None and known.from_on <= day <= last_on:
            return Status.INSURED
    if day == known.answered_on:
        return known.status
    was_over = known.until_on is not None and known.until_on < day <= known.answered_on
    if known.status is Status.NOT_INSURED and was_over:
        return Status.NOT_INSURED
    return Status.UNKNOWN


def held_by(
    main: Main,
    *,
    done_count: int,
    cents: int | None,
    coverage: Status,
    is_claimed: bool = False,
) -> Held:
    """Return the first thing that keeps a line here."""
    if main in OPEN:
        return Held.OPEN
    if not done_count:
        return Held.NOTHING_DONE
    if is_claimed:
        return Held.CLAIMED_ALREADY
    if cents is None:
        return Held.NO_TARIFF
    match coverage:
        case Status.UNKNOWN:
            return Held.COVERAGE_UNKNOWN
        case Status.NOT_INSURED:
            return Held.NOT_INSURED
        case Status.INSURED:
            return Held.NOTHING
