"""A list of patients as a FHIR Bundle: which resources stand in it, and what one says. Pure.

The Bundle is not taken apart as a whole: each entry stays the piece of text that it was, looked at
one by one when its slice is registered.
"""

from collections.abc import Mapping

import msgspec

from standvast.fhir.api import ResourceNotRight, validated
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.organisations.api import Country
from standvast.registry.patients.resources import row_in
from standvast.registry.patients.sheets import ROWS_MAX, SheetNotRight

ENTRY_BYTES_MAX = 64 * 1024
RESOURCE, TOO_LARGE = "resource", "too_large"
"""What stands in a row instead of columns: the resource as text, or that it was too large."""


class EntryNotRight(Invalid):
    """An entry is no patient. `place` is the element that is wrong, never what stands in it."""

    code = "patients.entry_not_right"

    def __init__(self, template: str, *, place: str = "") -> None:
        super().__init__(template)
        self.place = place


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"")


class _Bundle(msgspec.Struct):
    resource_type: str = msgspec.field(name="resourceType")
    entry: list[_Entry] = msgspec.field(default_factory=list)


def is_bundle(content: bytes) -> bool:
    """Whether this is JSON rather than a sheet: a sheet begins with the name of a column."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_bundle(content: bytes) -> list[dict[str, str]]:
    """Return a row for each entry, with its number under `line`.

    :raises SheetNotRight: if it is no Bundle with entries, or has too many.
    """
    try:
        bundle = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Bundle)
        if bundle.resource_type != "Bundle":
            raise SheetNotRight(marked("This file is no Bundle of FHIR R4."))
        rows = [
            {"line": str(number)} | _held(bytes(entry.resource))
            for number, entry in enumerate(bundle.entry[: ROWS_MAX + 1], start=1)
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SheetNotRight(marked("This file is no Bundle of FHIR R4.")) from None
    if len(rows) > ROWS_MAX:
        raise SheetNotRight(
            marked("This list is too long: at most {rows_max} patients at a time."),
            rows_max=ROWS_MAX,
        )
    if not rows:
        raise SheetNotRight(marked("There are no patients in this file."))
    return rows


def _held(resource: bytes) -> dict[str, str]:
    if len(resource) > ENTRY_BYTES_MAX:
        return {TOO_LARGE: "yes"}
    return {RESOURCE: resource.decode()}


def columns_of(row: Mapping[str, str], country: Country) -> Mapping[str, str]:
    """Return a row by the columns of a sheet, whatever it came from.

    :raises EntryNotRight: if it came from an entry that is no patient.
    """
    if TOO_LARGE in row:
        raise EntryNotRight(marked("This entry is too large: leave pictures out."))
    if RESOURCE not in row:
        return row
    try:
        return row_in(validated("Patient", row[RESOURCE]), country)
    except ResourceNotRight as wrong:
        raise EntryNotRight(
            marked("This entry is no Patient of FHIR R4."), place=next(iter(wrong.places), "")
        ) from None
