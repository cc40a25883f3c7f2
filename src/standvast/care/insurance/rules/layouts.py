"""Records of fixed length, as a definition file describes them: written and read the same way.

The definitions are this project's own. A field that does not fit is refused, never cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

Value = str | int | date
LINES_MAX = 20_000


class FieldWrong(Invalid):
    """A value does not fit its field, or what stands in a field cannot be read."""

    code = "insurance.field_wrong"


class LayoutWrong(Invalid):
    """The file is not one of this layout."""

    code = "insurance.layout_wrong"


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some characters of a record. With `value` they are always the same."""

    name: str
    length: int
    kind: Literal["text", "number", "date", "cents"] = "text"
    """`cents`: digits with leading zeros and then D, or C for an amount that is taken back."""
    value: str = ""


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Records by name; each begins with a field `record` that has a value of its own."""

    name: str
    length: int
    records: dict[str, tuple[Field, ...]]
    codes: dict[str, tuple[str, str]] = {}
    """Of a layout that is read: programme and activity by the code that stands in a file."""


def layout_of(definition: bytes) -> Layout:
    """Return the layout that a definition file describes.

    :raises LayoutWrong: if it describes none.
    """
    try:
        layout = msgspec.json.decode(definition, type=Layout)
    except msgspec.DecodeError as error:
        raise LayoutWrong(marked("This is not the definition of a layout.")) from error
    for fields in layout.records.values():
        if sum(field.length for field in fields) != layout.length or not fields[0].value:
            raise LayoutWrong(marked("A record of this layout has another length than it says."))
    return layout


def written(layout: Layout, record: str, values: Mapping[str, Value]) -> str:
    """Return one record.

    :raises FieldWrong: if a value does not fit.
    """
    return "".join(
        field.value.ljust(field.length) if field.value else _put(field, values.get(field.name, ""))
        for field in layout.records[record]
    )


def read(layout: Layout, line: str) -> tuple[str, Mapping[str, Value]]:
    """Return which record a line is, and its values.

    :raises LayoutWrong: if it is no record of this layout.
    :raises FieldWrong: if a field cannot be read.
    """
    for name, fields in layout.records.items():
        if len(line) == layout.length and line.startswith(fields[0].value):
            return name, dict(_fields(fields, line))
    raise LayoutWrong(marked("This line is no record of this layout."))


def begins_as(layout: Layout, line: str, record: str) -> bool:
    """Whether a line begins as one of these records, be it readable or not."""
    return line.startswith(layout.records[record][0].value)


def lines_of(content: bytes) -> Sequence[str]:
    """Return the lines of a file.

    :raises LayoutWrong: if it is not text, or has more lines than we take.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LayoutWrong(marked("This file is not text.")) from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > LINES_MAX:
        raise LayoutWrong(marked("This file has too many lines."))
    return lines


def _fields(fields: Sequence[Field], line: str) -> Iterator[tuple[str, Value]]:
    at = 0
    for field in fields:
        yield field.name, _taken(field, line[at : at + field.length])
        at += field.length


def _put(field: Field, value: Value) -> str:
    match field.kind, value:
        case "date", date():
            text = value.strftime("%Y%m%d")
        case "date", "":
            text = "0" * field.length
        case "cents", int():
            text = f"{abs(value):0{field.length - 1}d}" + ("C" if value < 0 else "D")
        case "number", int() if value >= 0:
            text = f"{value:0{field.length}d}"
        case "text", str() if value.isprintable():
            text = value.ljust(field.length)
        case _:
            text = ""
    if len(text) != field.length:
        raise FieldWrong(marked("“{field}” does not fit its field."), field=field.name)
    return text


def _taken(field: Field, text: str) -> Value:
    try:
        match field.kind:
            case "date":
                return datetime.strptime(text, "%Y%m%d").date() if text.strip("0 ") else ""  # noqa: DTZ007
            case "number":
                return _digits(text)
            case "cents":
                return _digits(text[:-1]) * {"D": 1, "C": -1}[text[-1:]]
            case "text":
                return text.rstrip()
    except (ValueError, KeyError) as error:
        raise FieldWrong(marked("“{field}” cannot be read."), field=field.name) from error


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)
