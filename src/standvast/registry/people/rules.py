"""What a login name may be, and what a supplier says of a mail address. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

USERNAME_MAX = 254
RESET_MINUTES = 30
"""How long a link for a new password lives; settings.PASSWORD_RESET_TIMEOUT says the same."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]{1,62}", re.ASCII)
_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII)


class UsernameNotRight(Invalid):
    """This cannot be a user name."""

    code = "people.username_not_right"


def as_login_name(text: str) -> str:
    """Return a login name as it is stored and compared: trimmed, in small letters."""
    return text.strip().lower()


def check_username(username: str, *, email: str) -> str:
    """Return the user name as stored, if a person with this e-mail address may have it.

    A name with an @ must be the person's own e-mail address: so one login name never means two
    people, and a reset by e-mail address and by user name reach the same person.

    :raises UsernameNotRight: otherwise.
    """
    plain = as_login_name(username)
    if "@" in plain:
        if plain != as_login_name(email):
            raise UsernameNotRight(marked("A user name with an @ must be your own e-mail address."))
        return plain
    if not _NAME.fullmatch(plain):
        raise UsernameNotRight(marked("A user name has 2 to 63 letters, digits, points or dashes."))
    return plain


class Word(StrEnum):
    """What the supplier says of a mail address. Either way the mail goes out."""

    REACHED = "reached"
    DOUBTED = "doubted"


@dataclass(frozen=True)
class Said:
    """What we understood of an answer."""

    word: Word
    reason: str = ""
    """The supplier's own code; empty where it gives none that we can show."""


class NotAsAgreed(ValueError):
    """The supplier answered something that the contract does not have."""


def said_in(answer: object) -> Said:
    """Return what an answer means, by the contract and nothing but the contract.

    :raises NotAsAgreed: if it is not shaped as agreed; it may not be guessed at.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("deliverable"), bool):
        raise NotAsAgreed
    if answer["deliverable"]:
        return Said(Word.REACHED)
    reason = answer.get("reason", "")
    is_code = isinstance(reason, str) and _CODE.fullmatch(reason) is not None
    return Said(Word.DOUBTED, reason if is_code else "")


def is_too_late(*, asked_at: datetime, now: datetime) -> bool:
    """Whether an answer about an address would help nobody any more: the link has ended."""
    return now - asked_at > timedelta(minutes=RESET_MINUTES)
