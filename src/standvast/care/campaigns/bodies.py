"""What a browser may send to the order desk's live routes, with its bounds. Shape only."""

from datetime import date
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from standvast.care.campaigns.rules import KEY_LENGTH_MAX
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

BODY_BYTES_MAX = 4_096
FIELDS_MAX = 12
Key = Annotated[str, msgspec.Meta(min_length=8, max_length=KEY_LENGTH_MAX, pattern="^[\\w:.-]+$")]
Doses = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
"""As wide as the database's whole numbers: the rule says what is too much, in words."""


class PlaceBody(msgspec.Struct, forbid_unknown_fields=True):
    """A day and a quantity; `key` names this attempt."""

    on: date
    doses: Doses
    key: Key


class KeyBody(msgspec.Struct, forbid_unknown_fields=True):
    """An act on an order that the address names."""

    key: Key


BodyT = TypeVar("BodyT", PlaceBody, KeyBody)


class BodyUnreadable(Invalid):
    """What was sent has not the shape of this request."""

    code = "campaigns.body_unreadable"


def is_form(request: Request) -> bool:
    """Whether a plain HTML form was posted, by a page without scripts."""
    kind = request.headers.get("content-type", "")
    return kind.startswith("application/x-www-form-urlencoded")


async def fields_of(request: Request) -> bytes | dict[str, str]:
    """Return the body: JSON as it came, or the fields of a form.

    :raises BodyUnreadable: if it is larger than a body of ours can be.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise BodyUnreadable(marked("What was sent cannot be read: it is too long."))
    if not is_form(request):
        return bytes(body)
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=FIELDS_MAX))
    except ValueError:
        raise BodyUnreadable(marked("What was sent cannot be read.")) from None


def body_of(sent: bytes | dict[str, str], kind: type[BodyT]) -> BodyT:
    """Return the body as its struct.

    :raises BodyUnreadable: naming the field that is not right.
    """
    try:
        if isinstance(sent, bytes):
            return msgspec.json.decode(sent, type=kind)
        known = {name: sent[name] for name in kind.__struct_fields__ if name in sent}
        return msgspec.convert(known, type=kind, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        path = str(error).rpartition("$.")[2].strip("`") if "$." in str(error) else ""
        if path in ("on", "doses"):
            raise BodyUnreadable(
                marked("Pick a day in the calendar.")
                if path == "on"
                else marked("Write the number of doses in digits.")
            ) from None
        raise BodyUnreadable(marked("What was sent cannot be read.")) from None
