"""What a launch must carry to be taken, and what it says of a patient. Pure.

The claims are those that signed-token launches of practice software are known to carry; those about
the patient's name and birth are ours, so that somebody new is registered in the same step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from standvast.kit.errors import Invalid, NotAllowed
from standvast.kit.words import marked

LIFE_MAX = timedelta(seconds=60)
"""From issue to expiry. A click takes a second; a copied token must be worth nothing soon."""
SKEW = timedelta(seconds=30)
"""Clocks of practices are not ours."""
TOKEN_CHARACTERS_MAX = 16_384

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=120)]


class NumberKind(StrEnum):
    """Whose numbers an organisation is named by."""

    AGB = "agb"
    NIHDI = "nihdi"


class LaunchNotTaken(NotAllowed):
    """The token is not one that we take. Nothing was done."""

    code = "launches.not_taken"


class SignatureWrong(LaunchNotTaken):
    """It was not signed by whom it names, or with a key they did not tell us."""

    code = "launches.signature_wrong"


class MeantForAnother(LaunchNotTaken):
    """It is for another installation."""

    code = "launches.meant_for_another"


class OutOfTime(LaunchNotTaken):
    """Too old, too early, or it would count for too long."""

    code = "launches.out_of_time"


class OrganisationUnknown(LaunchNotTaken):
    """Nobody here has the number of the organisation that it names."""

    code = "launches.organisation_unknown"


class LaunchUnreadable(Invalid):
    """What was handed in is no launch."""

    code = "launches.unreadable"


class Named(msgspec.Struct, frozen=True):
    """Somebody or something, by a number in a system of numbers."""

    system: Word
    value: Word


class PatientClaims(msgspec.Struct, frozen=True, rename="kebab"):
    """Who the launch is about, as the other system knows them."""

    patient_id: Word
    """Their number in the record system that launches."""
    family: Short = ""
    given: Short = ""
    initials: Short = ""
    prefix: Short = ""
    birth_date: date | None = None
    sex: Short = ""
    bsn: Short = ""
    insz: Short = ""
    street: Short = ""
    house_number: Short = ""
    postcode: Short = ""
    city: Short = ""
    insurer: Short = ""
    insured_number: Short = ""


class Claims(msgspec.Struct, frozen=True, rename="kebab"):
    """All of a token that counts. Times are instants as seconds since 1970."""

    iss: Word
    aud: Word
    jti: Annotated[str, msgspec.Meta(min_length=8, max_length=100)]
    iat: int
    exp: int
    user_id: Named
    org_id: Named
    context: PatientClaims | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a system that launches. `audience` is what its tokens must be for."""

    issuer: str
    audience: str


def claims_in(told: Mapping[str, object]) -> Claims:
    """Return the claims of a token whose signature was checked.

    :raises LaunchUnreadable: naming the first claim that is missing or cannot be right.
    """
    try:
        return msgspec.convert(told, Claims)
    except msgspec.ValidationError as error:
        place = _place(str(error))
        raise LaunchUnreadable(
            marked("The launch lacks something, or it cannot be right: {place}."), place=place
        ) from None


def _place(message: str) -> str:
    """Return which claim a message of the decoder is about, as `context.birth-date`."""
    within = re.search(r"at `\$\.?([^`]*)`$", message)
    lacking = re.search(r"required field `([^`]*)`", message)
    parts = (found.group(1) for found in (within, lacking) if found)
    return ".".join(part for part in parts if part) or "token"


def check_claims(claims: Claims, *, known: Known, now: datetime) -> None:
    """Pass if the token is for us, from whom it says, and of this minute.

    :raises LaunchNotTaken: saying why.
    """
    issued, expires = _instant(claims.iat, now), _instant(claims.exp, now)
    if claims.iss != known.issuer or claims.aud != known.audience:
        raise MeantForAnother(marked("This launch is meant for another installation."))
    if expires - issued > LIFE_MAX:
        raise OutOfTime(marked("This launch would count for too long: a minute is the most."))
    if now >= expires + SKEW:
        raise OutOfTime(marked("This launch is too old. Click again in your own system."))
    if issued - SKEW > now:
        raise OutOfTime(
            marked("This launch comes from the future: the clock of your own system runs ahead.")
        )


def _instant(seconds: int, now: datetime) -> datetime:
    """Return the instant; one that no calendar holds is as wrong as one that is long past."""
    try:
        return datetime.fromtimestamp(seconds, tz=now.tzinfo)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=now.tzinfo)
