"""What the insurers are asked, and what an answer means. Pure.

The values of an answer are those of the service in the shape of VZ801/802; their reading is ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from standvast.kit.words import marked

BACKWARDS = timedelta(days=730)
"""The insurers answer no question about a day two years ago or earlier."""


class Status(StrEnum):
    """Whether somebody is insured, as far as we know."""

    INSURED = "insured"
    NOT_INSURED = "not_insured"
    UNKNOWN = "unknown"


class Path(StrEnum):
    """By what the insurers find somebody. Exactly one is used."""

    BSN = "bsn"
    INSURED_NUMBER = "insured_number"
    ADDRESS = "address"
    NONE = "none"
    """Too little is known to ask."""


class Then(StrEnum):
    """What follows on an answer."""

    NOTHING = "nothing"
    PERSON = "person"
    """Somebody at the practice looks at what is known of the patient."""
    DESK = "desk"
    """We asked wrongly: an operator looks."""


@dataclass(frozen=True, slots=True)
class Search:
    """One question: is this person insured on that day. `path` says which fields count."""

    path: Path
    birth_on: date
    on: date
    bsn: str = ""
    insured_number: str = ""
    postcode: str = ""
    house_number: str = ""
    house_addition: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One insurance in an answer. `insurer` is a UZOVI number, text of 4 digits."""

    insurer: str
    insured_number: str
    kind: str
    state: str
    package: str = ""
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the insurers say to one search, in their own values."""

    found: str
    person: str = ""
    policies: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer means: `code` is a key of `SAID`."""

    status: Status
    code: str
    then: Then = Then.NOTHING
    policy: Policy | None = None


ACTIVE, INACTIVE, NOT_AUTHORISED = "Actief", "Inactief", "NietGeautoriseerdVoorZorgverzekeraar"
BASIC = "Basis"

SAID: Mapping[str, str] = {
    "insured": marked("Insured."),
    "insured_twice": marked(
        "Insured, and more than one insurance is active: ask which one counts."
    ),
    "insured_ahead": marked("Insured as far as is known now: the day asked about is yet to come."),
    "not_insured": marked("Not insured on that day. The last insurance that ended is shown."),
    "not_authorised": marked("The insurer does not let us see this insurance."),
    "not_found": marked("The insurers do not find this person. Compare with what the patient has."),
    "data_wrong": marked("The insurers do not know this number with this birth date."),
    "many_found": marked("The insurers find more than one person. Add a number or the address."),
    "too_old": marked("The day asked about is two years ago or more: that is not answered."),
    "cannot_ask": marked(
        "Too little is known to ask. Add a BSN, an insured number or the address."
    ),
    "asked_wrongly": marked("The question was not understood. The desk looks at it."),
}
"""Said to the practice, by code."""

_FOUND: Mapping[str, tuple[str, Then]] = {
    "NietGevonden": ("not_found", Then.PERSON),
    "BsnOnbekend": ("data_wrong", Then.PERSON),
    "CombinatieBsnGeboortedatumOnbekend": ("data_wrong", Then.PERSON),
    "MeerderePersonenGevonden": ("many_found", Then.PERSON),
    "Peildatum2JaarOfOuder": ("too_old", Then.NOTHING),
}
"""What leaves the status unknown, as an ordinary answer does."""


def search_of(
    *,
    birth_on: date,
    on: date,
    bsn: str,
    insured_number: str,
    postcode: str,
    house_number: str,
) -> Search:
    """Return the question by the surest path that what is known allows."""
    digits, addition = _split(house_number)
    path = Path.NONE
    if bsn:
        path = Path.BSN
    elif insured_number:
        path = Path.INSURED_NUMBER
    elif postcode and digits:
        path = Path.ADDRESS
    return Search(path, birth_on, on, bsn, insured_number, postcode, digits, addition)


def _split(house_number: str) -> tuple[str, str]:
    """Return the digits a house number begins with, and the rest."""
    plain = house_number.strip()
    digits = plain[: len(plain) - len(plain.lstrip("0123456789"))]
    return digits, plain[len(digits) :].strip(" -/")


def reading_of(answer: Answer) -> Reading:
    """Return what an answer means; a value that nobody knows is our misunderstanding."""
    if answer.found in ("Gevonden", "GevondenPeildatumInToekomst"):
        return _of_person(answer, is_ahead=answer.found != "Gevonden")
    code, then = _FOUND.get(answer.found, ("asked_wrongly", Then.DESK))
    return Reading(Status.UNKNOWN, code, then)


def _of_person(answer: Answer, *, is_ahead: bool) -> Reading:
    active = _first(answer.policies, ACTIVE)
    match answer.person:
        case "ActieveVerzekeringen" if active is not None:
            code = "insured_ahead" if is_ahead else "insured"
            return Reading(Status.INSURED, code, Then.NOTHING, active)
        case "DubbeleActieveVerzekeringenGevonden" if active is not None:
            return Reading(Status.INSURED, "insured_twice", Then.PERSON, active)
        case "InactieveVerzekeringen":
            ended = _first(answer.policies, INACTIVE)
            return Reading(Status.NOT_INSURED, "not_insured", Then.NOTHING, ended)
        case "ActieveVerzekeringen" | "DubbeleActieveVerzekeringenGevonden":
            hidden = _first(answer.policies, NOT_AUTHORISED)
            if hidden is not None:
                return Reading(Status.UNKNOWN, "not_authorised", Then.PERSON, hidden)
    return Reading(Status.UNKNOWN, "asked_wrongly", Then.DESK)


def _first(policies: Iterable[Policy], state: str) -> Policy | None:
    """Return the policy of this state that counts: a basic one first, then the latest."""
    fitting = [policy for policy in policies if policy.state == state]
    fitting.sort(key=lambda one: (one.kind == BASIC, one.from_on or date.min), reverse=True)
    return next(iter(fitting), None)
