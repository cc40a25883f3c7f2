"""What a login name may be. Pure."""

import re

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

USERNAME_MAX = 254
RESET_MINUTES = 30
"""How long a link for a new password lives; settings.PASSWORD_RESET_TIMEOUT says the same."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]{1,62}", re.ASCII)


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
