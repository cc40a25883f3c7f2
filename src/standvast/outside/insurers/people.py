"""Who is insured with whom: set by a program, or derived from the number itself.

All invented. Only BSNs of the range 9999xxxxx are known, which is given to nobody. A derived
person keeps no name, and is born when the one who asks says so: the service cannot know whom a demo
calls by that number.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec

PEOPLE_MAX = 1_000
INSURANCES_MAX = 6
RANGE = "9999"
PLACES = 100_000
"""How many numbers the range has."""

INSURERS: Mapping[str, str] = {
    "9990": "Onderlinge De Terp",
    "9991": "Wadwaard Verzekerd",
    "9992": "Rietlinge Zorgverzekering",
    "9993": "Duinrand Zekerheid",
    "9994": "Veenkant Onderling",
}
"""Invented names under invented UZOVI numbers."""
PACKAGES: Mapping[str, str] = {"B1": "Basis Zeker", "B2": "Basis Vrij", "B3": "Basis Bewust"}

OVER_ON = date(2024, 6, 30)
"""When a derived insurance that is over ended."""
DOUBLE_ON = date(2021, 1, 1)
"""When a derived second one began."""

_KEY = b"standvast, simulated insurers"
_MULTIPLIER, _SHIFT = 61_843, 20_231
"""Make an insured number of a BSN and back; the first has no factor in common with PLACES."""

Found = Literal[
    "Gevonden", "NietGevonden", "BsnOnbekend", "CombinatieBsnGeboortedatumOnbekend",
    "MeerderePersonenGevonden",
]  # fmt: skip
Kind = Literal["Basis", "Aanvullend", "Tand", "AanvullendPlusTand", "AWBZ", "Hoofdverzekering"]
Sex = Literal["Man", "Vrouw", "Onbekend", "NietGespecificeerd"]
Text = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
Short = Annotated[str, msgspec.Meta(max_length=20, pattern=r"^[^\x00-\x1f]*$")]


class Insurance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One insurance of a person, from a day until another, both included."""

    uzovi: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$")]
    number: Short
    kind: Kind = "Basis"
    package: Short = "B1"
    package_name: Text = ""
    from_on: date
    until_on: date | None = None
    may_be_told: bool = True
    """Whether who asks is authorised for this insurer."""

    def is_active(self, on: date) -> bool:
        """Whether it counts on that day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the service knows of one BSN. `found` is what a search by it says."""

    bsn: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{9}$")]
    found: Found = "Gevonden"
    born_on: date | None = None
    """Known only of people who were set; another birth date is then not theirs."""
    initials: Short = ""
    prefix: Short = ""
    surname: Text = ""
    sex: Sex = "Onbekend"
    died: bool = False
    insurances: Annotated[tuple[Insurance, ...], msgspec.Meta(max_length=INSURANCES_MAX)] = ()


class People:
    """Whom the service knows. Who was set goes before who is derived; the oldest make room."""

    def __init__(self) -> None:
        self._set: OrderedDict[str, Person] = OrderedDict()

    def put(self, person: Person) -> None:
        """Make this what is known of a BSN from now on."""
        self._set[person.bsn] = person
        self._set.move_to_end(person.bsn)
        while len(self._set) > PEOPLE_MAX:
            self._set.popitem(last=False)

    def forget(self) -> None:
        """Derive everybody again."""
        self._set.clear()

    @property
    def set_count(self) -> int:
        """How many people were set."""
        return len(self._set)

    def by_bsn(self, bsn: str) -> Person:
        """Return what is known of a BSN."""
        return self._set.get(bsn) or derived(bsn)

    def by_insured_number(self, number: str) -> Person | None:
        """Return whose number this is."""
        for person in self._set.values():
            if any(insurance.number == number for insurance in person.insurances):
                return person
        bsn = bsn_of(number)
        if bsn is None or not passes_eleven(bsn):
            return None
        found = self.by_bsn(bsn)
        return found if any(one.number == number for one in found.insurances) else None

    def by_address(
        self, *, postcode: str, house_number: str, addition: str, born_on: date
    ) -> list[Person]:
        """Return who of that birth date lives there: mostly one, sometimes nobody or two."""
        place = _hash(f"{postcode.replace(' ', '').upper()} {house_number} {addition} {born_on}")
        count = 1 if place % 100 < 86 else 0 if place % 100 < 94 else 2
        found: list[Person] = []
        number = place // 100
        while len(found) < count:
            number = (number + 1) % PLACES
            bsn = f"{RANGE}{number:05d}"
            if passes_eleven(bsn) and (one := derived(bsn)).found == "Gevonden":
                found.append(one)
        return found


def derived(bsn: str) -> Person:
    """Return the person of a number nobody has set: always the same, of every kind some."""
    if not bsn.startswith(RANGE):
        return Person(bsn=bsn, found="BsnOnbekend")
    drawn = _hash(bsn)
    share = drawn % 100
    sex: Sex = "Vrouw" if drawn // 100 % 2 else "Man"
    if share >= 97:
        return Person(bsn=bsn, found="CombinatieBsnGeboortedatumOnbekend")
    if share >= 94:
        return Person(bsn=bsn, found="BsnOnbekend")
    if share >= 90:
        return Person(bsn=bsn, found="NietGevonden")
    main = _main_insurance(bsn, drawn)
    if share >= 86:
        over = msgspec.structs.replace(main, until_on=OVER_ON)
        return Person(bsn=bsn, sex=sex, died=share >= 88, insurances=(over,))
    if share >= 83:
        hidden = msgspec.structs.replace(main, may_be_told=False)
        return Person(bsn=bsn, sex=sex, insurances=(hidden,))
    if share >= 80:
        uzovi = _other_insurer(main.uzovi)
        double = msgspec.structs.replace(main, uzovi=uzovi, from_on=DOUBLE_ON)
        return Person(bsn=bsn, sex=sex, insurances=(main, double))
    if share >= 50:
        more = msgspec.structs.replace(
            main, kind="Aanvullend", package="A1", package_name="Aanvullend Ruim"
        )
        return Person(bsn=bsn, sex=sex, insurances=(main, more))
    return Person(bsn=bsn, sex=sex, insurances=(main,))


def insured_number(bsn: str) -> str:
    """Return the insured number that belongs to a BSN of the range."""
    return f"VZ{(int(bsn[len(RANGE) :]) * _MULTIPLIER + _SHIFT) % PLACES:05d}"


def bsn_of(number: str) -> str | None:
    """Return the BSN an insured number belongs to, or None: it is not one of ours."""
    digits = number.removeprefix("VZ")
    if len(number) != 7 or not (digits.isascii() and digits.isdecimal() and len(digits) == 5):
        return None
    return f"{RANGE}{(int(digits) - _SHIFT) * pow(_MULTIPLIER, -1, PLACES) % PLACES:05d}"


def passes_eleven(bsn: str) -> bool:
    """Whether these are nine digits that pass the check of a BSN."""
    if len(bsn) != 9 or not (bsn.isascii() and bsn.isdecimal()) or bsn == "0" * 9:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(bsn, weights, strict=True)) % 11 == 0


def _main_insurance(bsn: str, drawn: int) -> Insurance:
    package = sorted(PACKAGES)[drawn // 1_000 % len(PACKAGES)]
    return Insurance(
        uzovi=sorted(INSURERS)[drawn // 10_000 % len(INSURERS)],
        number=insured_number(bsn),
        package=package,
        package_name=PACKAGES[package],
        from_on=date(2006 + drawn // 100_000 % 15, 1, 1),
    )


def _other_insurer(uzovi: str) -> str:
    all_of_them = sorted(INSURERS)
    return all_of_them[(all_of_them.index(uzovi) + 1) % len(all_of_them)]


def _hash(text: str) -> int:
    found = hashlib.blake2b(text.encode(), key=_KEY, digest_size=8).digest()
    return int.from_bytes(found, "big")
