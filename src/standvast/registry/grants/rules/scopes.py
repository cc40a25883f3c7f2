"""Scopes: what an app asks for, in the grammar of SMART App Launch 2 and of OpenID Connect. Pure.

What is granted is the overlap of what was asked, what was registered for the app, and what this
installation offers; a scope that nobody knows is left out, as the standard wants.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

IDENTITY = ("openid", "fhirUser", "profile")
CONTEXT = ("launch", "launch/patient")
OFFLINE = "offline_access"
PLAIN = (*IDENTITY, *CONTEXT, OFFLINE)
ACTS = "rs"
"""Read and search: nothing is written by apps."""
EVERY_KIND = "*"
SCOPES_MAX = 50
SCOPE_CHARACTERS_MAX = 2_000
_RESOURCE = re.compile(r"(patient|user)/(\*|[A-Z][A-Za-z]{1,39})\.(c?r?u?d?s?|read|write|\*)")
_FIRST_VERSION = {"read": "rs", "write": "cud", "*": "cruds"}


@dataclass(frozen=True, slots=True)
class Resource:
    """`patient/Patient.rs`, taken apart. `acts` are letters of `cruds` in that order."""

    level: str
    kind: str
    acts: str

    def __str__(self) -> str:
        return f"{self.level}/{self.kind}.{self.acts}"


def words_of(text: str) -> tuple[str, ...]:
    """Return the scopes in a text, each once, in their order; at most 50."""
    return tuple(dict.fromkeys(text.split()))[:SCOPES_MAX]


def resource_of(scope: str) -> Resource | None:
    """Return a scope about resources, taken apart; None for any other text."""
    found = _RESOURCE.fullmatch(scope)
    if found is None or not found[3]:
        return None
    return Resource(found[1], found[2], _FIRST_VERSION.get(found[3], found[3]))


def is_offered(scope: str) -> bool:
    """Whether a scope can be registered for an app."""
    found = resource_of(scope)
    return scope in PLAIN or (found is not None and set(found.acts) <= set(ACTS))


def granted(asked: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    """Return what is granted of what was asked, where `allowed` was registered; each once.

    A scope keeps the spelling it was asked in, unless it became narrower.
    """
    permitted = tuple(allowed)
    found: list[str] = []
    for scope in asked:
        if scope in PLAIN:
            found += [scope] if scope in permitted else []
        elif (wanted := resource_of(scope)) is not None:
            found += _overlaps(scope, wanted, permitted)
    return tuple(dict.fromkeys(found))


def _overlaps(scope: str, wanted: Resource, permitted: tuple[str, ...]) -> list[str]:
    by_kind: dict[str, str] = {}
    for one in permitted:
        allowed = resource_of(one)
        if allowed is None or allowed.level != wanted.level:
            continue
        kind = _narrower(wanted.kind, allowed.kind)
        if kind:
            by_kind[kind] = by_kind.get(kind, "") + allowed.acts
    overlaps = []
    for kind, acts in by_kind.items():
        left = "".join(act for act in ACTS if act in wanted.acts and act in acts)
        is_told_already = kind != EVERY_KIND and set(left) <= set(by_kind.get(EVERY_KIND, ""))
        if left and not is_told_already:
            met = Resource(wanted.level, kind, left)
            overlaps.append(scope if met == wanted else str(met))
    return overlaps


def _narrower(one: str, other: str) -> str:
    if other in (one, EVERY_KIND):
        return one
    return other if one == EVERY_KIND else ""


def covers(scopes: Iterable[str], level: str, kind: str, act: str) -> bool:
    """Whether scopes let an app do this: `act` is one letter, such as `r`."""
    for scope in scopes:
        found = resource_of(scope)
        if found is None or found.level != level:
            continue
        if found.kind in (kind, EVERY_KIND) and act in found.acts:
            return True
    return False


def needs_patient(scopes: Iterable[str]) -> bool:
    """Whether the app works with one patient in hand."""
    return any(scope in CONTEXT or scope.startswith("patient/") for scope in scopes)


def is_about_care(scopes: Iterable[str]) -> bool:
    """Whether anything but who somebody is was asked for: then the app says for which server."""
    return any(scope in CONTEXT or resource_of(scope) is not None for scope in scopes)
