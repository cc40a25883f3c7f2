"""What an organisation's numbers and address must look like. Pure."""

import re
import unicodedata
from enum import StrEnum

from standvast.kit.errors import Invalid
from standvast.kit.words import marked


class Kind(StrEnum):
    """What sort of organisation it is."""

    PRACTICE = "practice"
    POST = "post"
    PHARMACY = "pharmacy"
    HOSPITAL = "hospital"
    CARE = "care"
    SUPPLIER = "supplier"
    OFFICE = "office"
    PLATFORM = "platform"


class CodeSystem(StrEnum):
    """Who gave the organisation its number."""

    NONE = "none"
    AGB = "agb"
    NIHDI = "nihdi"


class Country(StrEnum):
    """Where it stands."""

    NL = "NL"
    BE = "BE"


NOBODYS_AGB = "00000001"
"""Of a kind of provider that there is none of. The practice as which probes walk has it, and stands
in no list of organisations."""


class CodeNotRight(Invalid):
    """The number cannot be one of this register."""

    code = "organisations.code_not_right"


class AddressNotRight(Invalid):
    """The address cannot exist as written."""

    code = "organisations.address_not_right"


_AGB = re.compile(r"[0-9]{8}", re.ASCII)
_NIHDI = re.compile(r"[0-9]{8}([0-9]{3})?", re.ASCII)
_POSTCODE = {
    Country.NL: re.compile(r"[1-9][0-9]{3}[A-Z]{2}", re.ASCII),
    Country.BE: re.compile(r"[1-9][0-9]{3}", re.ASCII),
}
_HOUSE_NUMBER = re.compile(r"([0-9]{1,5})(?![0-9])(.*)", re.ASCII | re.DOTALL)


def check_code(system: CodeSystem, code: str) -> str:
    """Return the number without spaces, points and dashes, if it can be right.

    AGB: 8 digits, the first two the kind of provider; there is no check digit.
    NIHDI: 11 digits (8 tolerated); digits 7 and 8 are 97 minus the first six modulo 97.

    :raises CodeNotRight: if it cannot.
    """
    plain = re.sub(r"[\s./-]", "", code)
    match system:
        case CodeSystem.NONE:
            if plain:
                raise CodeNotRight(marked("Say which register this number comes from."))
        case CodeSystem.AGB:
            if not _AGB.fullmatch(plain):
                raise CodeNotRight(marked("An AGB number has 8 digits."))
        case CodeSystem.NIHDI:
            if not _NIHDI.fullmatch(plain):
                raise CodeNotRight(marked("A NIHDI number has 11 digits."))
            if int(plain[6:8]) != nihdi_check(plain[:6]):
                raise CodeNotRight(marked("This NIHDI number has a typing error: check it."))
    return plain


def nihdi_check(first_six: str) -> int:
    """Return what digits 7 and 8 of a NIHDI number must be: 97 minus the first six modulo 97."""
    return 97 - int(first_six) % 97


def check_postcode(country: Country, postcode: str) -> str:
    """Return the postcode as it is stored: Dutch `1234AB`, Belgian `1000`.

    :raises AddressNotRight: if it cannot be one.
    """
    plain = re.sub(r"\s", "", postcode).upper()
    if not _POSTCODE[country].fullmatch(plain):
        raise AddressNotRight(
            marked("{postcode} is not a postcode; write it like {example}."),
            postcode=postcode[:12],
            example="1234 AB" if country is Country.NL else "1000",
        )
    return plain


def address_key(*, country: Country, street: str, house_number: str, postcode: str) -> str:
    """Return what two organisations at one address have in common.

    Dutch postcode and number (with addition) name an address. A Belgian postcode is a whole
    town, so the street is part of the key there.

    :raises AddressNotRight: if the house number has no digits or the postcode is wrong.
    """
    plain_postcode = check_postcode(country, postcode)
    found = _HOUSE_NUMBER.fullmatch(house_number.strip())
    if found is None:
        raise AddressNotRight(marked("A house number is 1 to 5 digits, perhaps with a letter."))
    addition = _letters(found[2])
    parts = [country.value, plain_postcode, str(int(found[1])), addition]
    if country is Country.BE:
        parts.append(_letters(street))
    return ":".join(parts)


def _letters(text: str) -> str:
    """Return the letters and digits only, in capitals, without accents."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Z0-9]", "", flat.upper())
