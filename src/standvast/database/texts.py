"""Sets as one text: what PostgreSQL reads whole costs a fraction of a parameter per value.

Measured with thirty ids: a list of parameters 75 microseconds of our time, one text 3.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

_encoder = msgspec.json.Encoder(order="deterministic")


def as_json(rows: Any) -> str:
    """Return rows as JSON, for `json_to_recordset(%(name)s::json)`.

    Bytes become base64; keys of mappings are sorted, so that the same content is the same text.
    """
    return _encoder.encode(rows).decode()


def as_array(ids: Iterable[UUID]) -> str:
    """Return ids as PostgreSQL writes an array, for `%(name)s::uuid[]`."""
    return "{" + ",".join([one.hex for one in ids]) + "}"
