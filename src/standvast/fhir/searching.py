"""What a search asks: its parameters, read strictly. Pure.

A parameter that we do not know is refused, not passed over: a search that silently finds more than
was asked for shows people who were not meant.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from standvast.fhir.declared import Asked, Param, Resource
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

COUNT, FORMAT = "_count", "_format"
COUNT_USUAL, COUNT_MAX = 20, 50
VALUES_MAX = 50
VALUE_CHARACTERS_MAX = 200
FORMATS = frozenset({"json", "application/json", "application/fhir+json", "text/json"})
Pairs = Iterable[tuple[str, str]]
"""Names and values as they came."""


class RequestNotRight(Invalid):
    """The request is not one that we take."""

    code = "fhir.request_not_right"


class OnlyByPost(RequestNotRight):
    """A number came in an address."""

    code = "fhir.only_by_post"


class FormatUnknown(RequestNotRight):
    """Another format than JSON is asked for."""

    code = "fhir.format_unknown"


def asked_of(resource: Resource, in_address: Pairs, in_body: Pairs = ()) -> Asked:
    """Return a search of this resource.

    :raises OnlyByPost: if a secret parameter stands in the address.
    :raises RequestNotRight: for a parameter or a value that is not taken.
    """
    known = {param.name: param for param in resource.params}
    values: dict[str, list[str]] = {}
    count = COUNT_USUAL
    for name, value in _checked(in_address, known, is_address=True):
        values.setdefault(name, []).append(value)
    for name, value in _checked(in_body, known, is_address=False):
        values.setdefault(name, []).append(value)
    if COUNT in values:
        count = _count(values.pop(COUNT)[-1])
    for name, several in values.items():
        if len(several) > (VALUES_MAX if known[name].is_repeatable else 1):
            raise RequestNotRight(marked("{name} stands in this search too often."), name=name)
    return Asked({name: tuple(several) for name, several in values.items()}, count)


def _checked(
    pairs: Pairs, known: Mapping[str, Param], *, is_address: bool
) -> Iterable[tuple[str, str]]:
    for name, value in pairs:
        if len(value) > VALUE_CHARACTERS_MAX:
            raise RequestNotRight(marked("A value in this search is too long."))
        if name == FORMAT:
            check_format(value)
        elif name == COUNT:
            yield name, value
        elif (param := known.get(name)) is None:
            raise RequestNotRight(
                marked("Searching by this is not supported. Supported are: {known}."),
                known=", ".join(sorted(known)),
            )
        elif param.is_secret and is_address:
            raise OnlyByPost(
                marked(
                    "A number never stands in an address, where others keep it. Send this search"
                    " by POST, to the address of the resource with /_search."
                )
            )
        elif value.strip():
            yield name, value.strip()


def _count(value: str) -> int:
    if not (value.isascii() and value.isdecimal()):
        raise RequestNotRight(marked("_count is a number, at most 50."))
    return max(1, min(COUNT_MAX, int(value)))


def check_format(value: str) -> None:
    """Pass if this format is JSON.

    :raises FormatUnknown: otherwise.
    """
    if value.partition(";")[0].strip().lower() not in FORMATS:
        raise FormatUnknown(marked("Only JSON is spoken here: application/fhir+json."))


def check_accepts(header: str) -> None:
    """Pass if whoever asks takes JSON.

    :raises FormatUnknown: otherwise.
    """
    kinds = [piece.partition(";")[0].strip().lower() for piece in header.split(",")]
    if header.strip() and not any(kind in FORMATS or kind.endswith("*") for kind in kinds):
        check_format(kinds[0])


def day_in(asked: Asked, name: str) -> date | None:
    """Return the one day that a date parameter names; None if it is not asked.

    :raises RequestNotRight: if it is no whole day, or a range: only equality is supported.
    """
    if not (value := asked.one(name)):
        return None
    try:
        return date.fromisoformat(value.removeprefix("eq"))
    except ValueError:
        raise RequestNotRight(
            marked("{name} takes one whole day, such as 1962-03-15."), name=name
        ) from None


def token_in(value: str) -> tuple[str, str]:
    """Return system and value of a token; no system if none is named.

    :raises RequestNotRight: if there is no value.
    """
    system, between, code = value.rpartition("|")
    if not code:
        raise RequestNotRight(marked("Write an identifier as system|value, or as its value."))
    return (system if between else ""), code
