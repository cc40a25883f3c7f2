"""What modules bring to FHIR, and what access lends it: slots, filled in `project/wiring.py`."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from django.http import HttpRequest

from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.wiring import Slot
from standvast.kit.words import marked

Json = dict[str, Any]
"""A resource, or a part of one."""


class Interaction(StrEnum):
    """What is done with a resource, by its letter in a SMART scope."""

    CREATE = "c"
    READ = "r"
    SEARCH = "s"


class ParamKind(StrEnum):
    """How the value of a search parameter is written, as FHIR names it."""

    TOKEN = "token"  # noqa: S105 - a kind of parameter
    STRING = "string"
    DATE = "date"
    REFERENCE = "reference"


class OutOfContext(NotFound):
    """The token is for another patient: told apart from nobody at all by no one."""

    code = "fhir.out_of_context"


@dataclass(frozen=True, slots=True)
class Granted:
    """What a bearer token gives: who acts, its scopes, and the patient it was given for."""

    actor: Actor
    scopes: frozenset[str]
    patient_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; with `only_patient_id`, about nobody else; `is_for_self`: about who acts alone."""

    actor: Actor
    only_patient_id: uuid.UUID | None = None
    is_for_self: bool = False

    def check_patient(self, patient_id: uuid.UUID) -> None:
        """Pass if this caller may ask about this patient.

        :raises OutOfContext: otherwise.
        """
        if self.only_patient_id not in (None, patient_id):
            raise OutOfContext(marked("There is no such resource in your organisation."))


@dataclass(frozen=True, slots=True)
class Param:
    """A search parameter. One that `is_secret` is taken by POST only; most have one value."""

    name: str
    kind: ParamKind
    said: str
    """One sentence of English for the CapabilityStatement."""
    is_secret: bool = False
    is_repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was understood: each parameter with all its values, and which page of it."""

    values: Mapping[str, tuple[str, ...]]
    count: int
    skip: int = 0

    def one(self, name: str) -> str:
        """Return the one value of a parameter, or nothing."""
        return next(iter(self.values.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search found."""

    resources: tuple[Json, ...]
    has_more: bool = False


class Read(Protocol):
    """Returns one resource, and writes down who looked."""

    def __call__(self, *, caller: Caller, resource_id: uuid.UUID, now: datetime) -> Json: ...


class Search(Protocol):
    """Returns a page of what fits, and writes down who looked and at whom."""

    def __call__(self, *, caller: Caller, asked: Asked, now: datetime) -> Found: ...


class Create(Protocol):
    """Takes a resource that was validated, and returns what became of it."""

    def __call__(self, *, caller: Caller, resource: Json, now: datetime) -> Json: ...


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of resource: how it is read, searched and handed in, and by which rights.

    Each of the three is one operation of its module, and keeps to the caller's organisation. What
    cannot be done is left out.
    """

    kind: str
    right: str
    said: str
    """One sentence of English for the CapabilityStatement."""
    read: Read | None = None
    search: Search | None = None
    create: Create | None = None
    create_right: str = ""
    params: tuple[Param, ...] = field(default=())
    own_scope: str = ""
    """A scope by which whoever acts may be read, where no other scope gives the kind."""

    def right_for(self, interaction: Interaction) -> str:
        """Return the right that an interaction asks for."""
        return self.create_right if interaction is Interaction.CREATE else self.right


RESOURCES: Slot[Resource] = Slot("fhir.resources")
SESSION: Slot[Callable[[HttpRequest], Actor | None]] = Slot("fhir.session")
"""One function of registry/access: who acts in the session of a request; None for a stranger."""
CHECK_MAY: Slot[Callable[[Actor, str], None]] = Slot("fhir.check_may")
"""One function of registry/access: passes if the actor has the right, refuses with whom to ask."""
BEARER: Slot[Callable[[HttpRequest, str], Granted | None]] = Slot("fhir.bearer")
"""What a bearer token gives now; None if this function does not know it, or it is over.

The first that knows it counts. Whoever fills this looks the token up anew at each request, so that
a token that was taken back gives nothing any more.
"""
