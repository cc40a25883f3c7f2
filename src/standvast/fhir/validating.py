"""The look at what comes in: is it this kind of resource, as FHIR R4 has it.

The models of `fhir.resources` are imported at the first look and not before: they cost a process a
second and 25 MB, which one that only reads never pays (ADR 0021). Their R4B is R4 for every kind
that we take.
"""

import threading
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from standvast.fhir.declared import Json
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

BODY_BYTES_MAX = 64 * 1024
PLACES_MAX = 5
PLACE_CHARACTERS_MAX = 60
_importing = threading.Lock()


class ResourceNotRight(Invalid):
    """What came in is not a resource of the kind that belongs here.

    `places` are the elements that are wrong, never what stands in them.
    """

    code = "fhir.resource_not_right"

    def __init__(self, template: str, *, places: tuple[str, ...] = (), **values: object) -> None:
        super().__init__(template, **values)
        self.places = places


def too_large() -> ResourceNotRight:
    """Return what is said of more than is taken."""
    return ResourceNotRight(marked("This resource is too large: at most 64 kB."))


def validated(kind: str, content: bytes | str) -> Json:
    """Return a resource of this kind, as it was written.

    :raises ResourceNotRight: with the places that are wrong.
    """
    if len(content) > BODY_BYTES_MAX:
        raise too_large()
    try:
        found = msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        raise ResourceNotRight(marked("This cannot be read as JSON.")) from None
    if found.get("resourceType") != kind:
        raise ResourceNotRight(marked("This is no {kind}."), places=("resourceType",), kind=kind)
    check_resource(kind, found)
    return found


def check_resource(kind: str, resource: Mapping[str, Any]) -> None:
    """Pass if a resource has the elements and types that FHIR R4 gives its kind.

    :raises ResourceNotRight: with the places that are wrong.
    """
    from pydantic import ValidationError

    try:
        _model(kind).model_validate(resource)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_context=False, include_input=False)
        raise ResourceNotRight(
            marked("This is no {kind} of FHIR R4: look at the elements that are named."),
            places=tuple(_place(kind, error["loc"]) for error in errors[:PLACES_MAX]),
            kind=kind,
        ) from None
    except RecursionError:
        raise ResourceNotRight(marked("This cannot be read as JSON.")) from None


@cache
def _model(kind: str) -> Any:
    with _importing:
        return getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)


def _place(kind: str, loc: tuple[int | str, ...]) -> str:
    """Return an element's path; a name that FHIR cannot have is not repeated: it is their text."""
    path = kind
    for step in loc:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step.isascii() and step.lstrip("_").isalnum() and len(step) <= 40:
            path += f".{step}"
        else:
            path += ".?"
    return path[:PLACE_CHARACTERS_MAX]
