"""Requests, functions, working days and absence. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

SEEN = timedelta(days=30)
"""A request, and what became of it."""
OPEN_REQUESTS_MAX = 50
FUNCTIONS_MAX = 3
ABSENCES_MAX = 20
ABSENCE_DAYS_MAX = 366
AHEAD_DAYS_MAX = 730
KEPT_AFTER = timedelta(days=90)
"""An absence that is over."""
REASON_MAX = 200


class State(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    INVITED = "invited"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[State, frozenset[State]] = {
    State.ASKED: frozenset({State.INVITED, State.DECLINED, State.WITHDRAWN}),
    State.INVITED: frozenset(),
    State.DECLINED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


class Function(StrEnum):
    """What somebody does, as colleagues call it. It gives no right."""

    GP = "gp"
    LOCUM = "locum"
    ASSISTANT = "assistant"
    NURSE_SOMATIC = "nurse_somatic"
    NURSE_MENTAL = "nurse_mental"
    NURSE_SPECIALIST = "nurse_specialist"
    PHARMACIST = "pharmacist"
    PHARMACY_ASSISTANT = "pharmacy_assistant"
    MANAGER = "manager"
    ADMINISTRATION = "administration"
    OTHER = "other"


FUNCTION_TITLES: Mapping[Function, str] = {
    Function.GP: marked("GP"),
    Function.LOCUM: marked("locum"),
    Function.ASSISTANT: marked("practice assistant"),
    Function.NURSE_SOMATIC: marked("practice nurse, somatic care"),
    Function.NURSE_MENTAL: marked("practice nurse, mental health"),
    Function.NURSE_SPECIALIST: marked("nurse specialist"),
    Function.PHARMACIST: marked("pharmacist"),
    Function.PHARMACY_ASSISTANT: marked("pharmacy assistant"),
    Function.MANAGER: marked("practice manager"),
    Function.ADMINISTRATION: marked("administration"),
    Function.OTHER: marked("other work"),
}
WEEK = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
WORKDAYS = (0, 1, 2, 3, 4)
"""Until somebody says otherwise."""


class RequestAnswered(Refused):
    """The request was answered or withdrawn already."""

    code = "staff.request_answered"


class MobileNotRight(Invalid):
    """This is no mobile number."""

    code = "staff.mobile_not_right"


class TooManyFunctions(Invalid):
    """More functions than three."""

    code = "staff.too_many_functions"


class AbsenceNotRight(Invalid):
    """An absence that cannot be."""

    code = "staff.absence_not_right"


def check_move(now_in: State, wanted: State) -> None:
    """Pass if a request may go from one state to another.

    :raises RequestAnswered: if it was answered or withdrawn.
    """
    if wanted not in MOVES[now_in]:
        raise RequestAnswered(marked("This request was answered already."))


def as_mobile(text: str) -> str:
    """Return a mobile number as it is called from anywhere.

    A number without a country is Dutch with 06, Belgian with 04.

    :raises MobileNotRight: if it is none; a number of a desk is none either.
    """
    wrong = MobileNotRight(marked("This is no mobile number. Write it as 06 12345678 or +32 470 …"))
    plain = re.sub(r"[\s().-]", "", text.strip())
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain.startswith("06"):
        plain = f"+31{plain[1:]}"
    elif plain.startswith("04"):
        plain = f"+32{plain[1:]}"
    if not re.fullmatch(r"\+[1-9][0-9]{7,14}", plain, re.ASCII):
        raise wrong
    if plain.startswith("+31") and not re.fullmatch(r"\+316[0-9]{8}", plain, re.ASCII):
        raise wrong
    if plain.startswith("+32") and not re.fullmatch(r"\+324[0-9]{8}", plain, re.ASCII):
        raise wrong
    return plain


def check_functions(functions: Collection[Function]) -> None:
    """Pass if somebody may have these functions.

    :raises TooManyFunctions: past three.
    """
    if len(set(functions)) > FUNCTIONS_MAX:
        raise TooManyFunctions(marked("Choose at most {count} functions."), count=FUNCTIONS_MAX)


@dataclass(frozen=True)
class Days:
    """From a day until another, both included."""

    from_on: date
    until_on: date

    def has(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.from_on <= day <= self.until_on

    def meets(self, other: "Days") -> bool:
        """Whether they have a day in common."""
        return self.from_on <= other.until_on and other.from_on <= self.until_on


def check_absence(wanted: Days, *, held: Collection[Days], today: date) -> None:
    """Pass if somebody can be absent these days.

    :raises AbsenceNotRight: if they run backwards, are over, too long, too far off, or taken.
    """
    if wanted.until_on < wanted.from_on:
        raise AbsenceNotRight(marked("The last day lies before the first."))
    if wanted.until_on < today:
        raise AbsenceNotRight(marked("These days are over."))
    if (wanted.until_on - wanted.from_on).days >= ABSENCE_DAYS_MAX:
        raise AbsenceNotRight(marked("An absence is at most a year; write a second one after it."))
    if (wanted.from_on - today).days > AHEAD_DAYS_MAX:
        raise AbsenceNotRight(marked("This is more than two years away."))
    if any(wanted.meets(one) for one in held):
        raise AbsenceNotRight(marked("You are absent on some of these days already."))
    if len(held) >= ABSENCES_MAX:
        raise AbsenceNotRight(marked("Twenty absences stand here. Take one away first."))


def today_of(
    day: date, *, workdays: Collection[int], absences: Iterable[Days]
) -> tuple[str, date | None]:
    """Return, marked, whether somebody is there, and the last day of an absence."""
    for one in absences:
        if one.has(day):
            return marked("absent until {day}"), one.until_on
    if day.weekday() in workdays:
        return marked("here today"), None
    return marked("not today"), None


def seen_since(now: datetime) -> datetime:
    """Return from when requests are seen."""
    return now - SEEN
