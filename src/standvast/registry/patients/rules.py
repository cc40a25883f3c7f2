"""What a patient's number, name and birth date must look like, and what a search means. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.be import ssn
from stdnum.nl import bsn

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

YEARS_MAX = 125
WORDS_MAX = 6
SEARCH_CHARACTERS_MAX = 80
WORD_CHARACTERS_MIN = 2
"""A single letter finds half the practice."""


class System(StrEnum):
    """Who gave a number to a patient."""

    BSN = "bsn"
    INSZ = "insz"
    RECORD = "record"
    """The practice's own record system; unique in the practice, and nowhere else."""


class Sex(StrEnum):
    """As FHIR's administrative gender has it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class NameUse(StrEnum):
    """In which order somebody goes by their own and their partner's family name."""

    OWN = "own"
    PARTNER = "partner"
    PARTNER_OWN = "partner_own"
    OWN_PARTNER = "own_partner"


class Outcome(StrEnum):
    """What became of a row of a list that was handed in."""

    REGISTERED = "registered"
    KNOWN = "known"
    REFUSED = "refused"


class NumberNotRight(Invalid):
    """The number cannot be one of its kind. The sentence never repeats it."""

    code = "patients.number_not_right"


class BirthNotRight(Invalid):
    """Nobody who lives was born on that day."""

    code = "patients.birth_not_right"


class SearchTooShort(Invalid):
    """Too little to search by."""

    code = "patients.search_too_short"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as Dutch and Belgian people write it; prefixes such as "van der" stand apart."""

    family: str
    given: str = ""
    initials: str = ""
    prefix: str = ""
    partner_family: str = ""
    partner_prefix: str = ""
    use: NameUse = NameUse.OWN


def check_number(system: System, value: str) -> str:
    """Return the number as it is stored, if it can be one of its kind.

    BSN: 9 digits, the eleven test; INSZ: 11 digits, 97 minus the first nine (with a 2 before
    them from 2000) modulo 97; BIS numbers too. A record number is 1 to 40 characters.

    :raises NumberNotRight: if it cannot.
    """
    plain = re.sub(r"[\s./-]", "", value)
    match system:
        case System.BSN:
            if not plain.isascii() or len(plain) != 9 or not bsn.is_valid(plain):
                raise NumberNotRight(marked("This BSN has a typing error: check it."))
        case System.INSZ:
            if not plain.isascii() or len(plain) != 11 or not ssn.is_valid(plain):
                raise NumberNotRight(
                    marked("This national register number has a typing error: check it.")
                )
        case System.RECORD:
            plain = value.strip()
            if not 1 <= len(plain) <= 40 or not plain.isprintable():
                raise NumberNotRight(marked("A record number has 1 to 40 characters."))
    return plain


def check_birth(birth_on: date, *, today: date) -> date:
    """Return the day if somebody who lives today may be born on it.

    :raises BirthNotRight: otherwise.
    """
    if birth_on > today or today.year - birth_on.year > YEARS_MAX:
        raise BirthNotRight(marked("Check the birth date: nobody of that age is alive."))
    return birth_on


def check_insurer(uzovi: str) -> str:
    """Return an insurer's UZOVI number, 4 digits, or nothing.

    :raises NumberNotRight: if it is neither.
    """
    plain = uzovi.strip()
    if plain and not re.fullmatch(r"[0-9]{4}", plain, re.ASCII):
        raise NumberNotRight(marked("An insurer's number has 4 digits."))
    return plain


def full_name(name: Name) -> str:
    """Return the name as it is said: given name or initials, then the family names in their use."""
    own = _with_prefix(name.prefix, name.family)
    partner = _with_prefix(name.partner_prefix, name.partner_family)
    uses = {
        NameUse.OWN: own,
        NameUse.PARTNER: partner or own,
        NameUse.PARTNER_OWN: f"{partner}-{own}" if partner else own,
        NameUse.OWN_PARTNER: f"{own}-{partner}" if partner else own,
    }
    return f"{name.given or name.initials} {uses[name.use]}".strip()


def listed_name(name: Name) -> str:
    """Return the name as a list sorts it: family name first, its prefix after the given name."""
    last, prefix = name.family, name.prefix
    if name.use in (NameUse.PARTNER, NameUse.PARTNER_OWN) and name.partner_family:
        last, prefix = name.partner_family, name.partner_prefix
    first = f"{name.given or name.initials} {prefix}".strip()
    return f"{last}, {first}" if first else last


def _with_prefix(prefix: str, family: str) -> str:
    return f"{prefix} {family}".strip() if family else ""


def folded(text: str) -> str:
    """Return a text as names are compared: small letters and digits, no accents, one space."""
    # Taken apart twice: a letter of another style, as in mathematics, becomes a capital here.
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    for letter, plain in (("ß", "ss"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("đ", "d")):
        flat = flat.replace(letter, plain)
    kept = "".join(one if one.isalnum() else " " for one in flat if not unicodedata.combining(one))
    return " ".join(kept.split())


def name_words(name: Name) -> frozenset[str]:
    """Return the words by which a name is found."""
    parts = (name.family, name.given, name.prefix, name.partner_family, name.partner_prefix)
    return frozenset(word for part in parts for word in folded(part).split())


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for: beginnings of names, a birth date, a number; all must fit."""

    words: tuple[str, ...] = ()
    birth_on: date | None = None
    number: str = ""


_DATES = (
    re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})", re.ASCII),
)
_NUMBER = re.compile(r"[0-9][0-9./-]{6,}[0-9]", re.ASCII)


def search_of(text: str) -> Search:
    """Return what a line of search means.

    A date is a birth date, a long number is one of the patient's numbers, everything else is the
    beginning of a name.

    :raises SearchTooShort: if there is too little in it.
    """
    words: list[str] = []
    birth_on, number = None, ""
    for piece in text[:SEARCH_CHARACTERS_MAX].split():
        if (day := day_of(piece)) is not None:
            birth_on = day
        elif _NUMBER.fullmatch(piece):
            number = re.sub(r"[./-]", "", piece)
        else:
            words.extend(folded(piece).split())
    return enough(Search(tuple(words[:WORDS_MAX]), birth_on, number))


def enough(search: Search) -> Search:
    """Return a search that says enough to search by.

    :raises SearchTooShort: if there is too little in it.
    """
    longest = max((len(word) for word in search.words), default=0)
    if search.birth_on is None and not search.number and longest < WORD_CHARACTERS_MIN:
        raise SearchTooShort(
            marked("Type at least two letters of a name, a birth date or a number.")
        )
    return search


def day_of(piece: str) -> date | None:
    """Return the date that is written here, day first or year first; none if it is no date."""
    for found in _matches(piece):
        try:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
    return None


def _matches(piece: str) -> Iterator[re.Match[str]]:
    for pattern in _DATES:
        if (found := pattern.fullmatch(piece)) is not None:
            yield found
