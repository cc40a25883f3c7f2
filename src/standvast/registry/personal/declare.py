"""Each personal field says, beside the field, what it is and how it is scrubbed.

    email = personal(models.EmailField(...), Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    code = impersonal(models.CharField(...), "a public register")

A test in `registry/personal/tests` finds text that nobody declared; `register()` is the
data-protection register, made from the code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.apps import apps
from django.db import models

FieldT = TypeVar("FieldT")
_MARK = "standvast_personal"


class Kind(StrEnum):
    """What sort of personal data a field holds."""

    NAME = "name"
    CONTACT = "contact"
    PLACE = "place"
    IDENTIFIER = "identifier"
    CREDENTIAL = "credential"
    TRACE = "trace"
    """Where and when somebody was at work: network address, device, time."""
    HEALTH = "health"
    FREE_TEXT = "free text"


class Scrub(StrEnum):
    """What a scrubbed copy of the database holds instead."""

    EMPTY = "emptied"
    FAKE_NAME = "a made-up name"
    EXAMPLE_ADDRESS = "an address at .example"
    RANDOM = "random characters of the same length"
    UNUSABLE = "a value that opens nothing"
    ROW = "the whole row is left out"


@dataclass(frozen=True)
class Declared:
    """What was said about a field: personal with its scrub, or not personal and why."""

    kind: Kind | None
    scrub: Scrub | None
    why: str = ""


@dataclass(frozen=True)
class Held:
    """One line of the register."""

    model: str
    field: str
    kind: Kind
    scrub: Scrub


def personal(field: FieldT, kind: Kind, scrub: Scrub) -> FieldT:
    """Declare that `field` holds personal data of this kind."""
    setattr(field, _MARK, Declared(kind, scrub))
    return field


def impersonal(field: FieldT, why: str) -> FieldT:
    """Declare that `field` holds text that is about nobody, and why."""
    assert why, "say why"
    setattr(field, _MARK, Declared(None, None, why))
    return field


SPEAKING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
    models.DateField,
)
"""Kinds of column that can hold something about a person; instants are declared where they do."""


def declared(field: Any) -> Declared | None:
    """Return what was said beside this field."""
    found = getattr(field, _MARK, None)
    return found if isinstance(found, Declared) else None


def undeclared(models_: Iterable[type[models.Model]]) -> Iterator[str]:
    """Yield `label.Model.field` for speaking fields that nobody declared.

    A field with choices is a closed list and says nothing about a person by itself.
    """
    for model in models_:
        for field in model._meta.local_concrete_fields:
            speaks = isinstance(field, SPEAKING) and not isinstance(field, models.DateTimeField)
            if speaks and not field.choices and declared(field) is None:
                yield f"{model._meta.label}.{field.name}"


def register() -> tuple[Held, ...]:
    """Return every personal field of the installed apps, for the data-protection register."""
    found = []
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            said = declared(field)
            if said is not None and said.kind is not None and said.scrub is not None:
                found.append(Held(model._meta.label, field.name, said.kind, said.scrub))
    return tuple(sorted(found, key=lambda held: (held.model, held.field)))
