"""What the scopes of a token allow: SMART's, of version 2 and of version 1. Pure."""

import re
from collections.abc import Iterable
from enum import IntEnum

_SCOPE = re.compile(r"(patient|user|system)/([A-Za-z]+|\*)\.([a-z*]+)")
_OLD = {"read": "rs", "write": "cud", "*": "cruds"}
"""Version 1 in the letters of version 2."""
_LETTERS = "cruds"


class Width(IntEnum):
    """About whom a scope lets somebody ask."""

    NOBODY = 0
    THE_PATIENT = 1
    """Only the one that the token was given for."""
    EVERYBODY = 2
    """Whom the actor's own rights reach."""


def width_of(scopes: Iterable[str], kind: str, letter: str) -> Width:
    """Return how wide these scopes open a kind of resource for one interaction.

    A scope that asks for part of a kind (`Observation.rs?category=...`) opens nothing: we could
    not hold to it.
    """
    return max((_width(scope, kind, letter) for scope in scopes), default=Width.NOBODY)


def _width(scope: str, kind: str, letter: str) -> Width:
    found = _SCOPE.fullmatch(scope)
    if found is None or found[2] not in (kind, "*"):
        return Width.NOBODY
    letters = _OLD.get(found[3], found[3])
    in_order = letters == "".join(one for one in _LETTERS if one in letters)
    if not in_order or letter not in letters:
        return Width.NOBODY
    return Width.THE_PATIENT if found[1] == "patient" else Width.EVERYBODY
