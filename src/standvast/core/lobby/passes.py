"""The signed pass: says which place a session may look at, checked without the database.

It proves who waits, not that they were let in; that stands in the table, and whoever sells asks
`admitted_set` in the transaction of the sale.
"""

import base64
import binascii
import hashlib
import hmac
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache

from django.conf import settings

from standvast.kit.errors import Gone, NotAllowed
from standvast.kit.words import marked

SHAPE = struct.Struct(">16s16sQ8s")
MAC_BYTES = 18
PASS_BYTES = SHAPE.size + MAC_BYTES
PASS_CHARS = 88
"""A multiple of four: no padding, so that each pass has one spelling."""
COOKIE = "standvast_pass_"


class PassWrong(NotAllowed):
    """Not a pass of ours, or not of this session, organisation or lobby."""

    code = "lobby.pass_wrong"


class PassOver(Gone):
    """The pass was good, and its time has passed."""

    code = "lobby.pass_over"


@dataclass(frozen=True, slots=True)
class Pass:
    """Who may look at which place, in which session, until when."""

    lobby_id: uuid.UUID
    organisation_id: uuid.UUID
    session_digest: bytes
    expires_at: datetime


@cache
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"standvast lobby pass v1", "sha256")


def session_digest(session_key: str) -> bytes:
    """Return what the pass holds of the session: enough to compare, nothing to sign in with."""
    return hashlib.sha256(b"lobby session" + session_key.encode()).digest()[:8]


def _mac(body: bytes) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), body, "sha256")[:MAC_BYTES]


def make_pass(
    *, lobby_id: uuid.UUID, organisation_id: uuid.UUID, session_key: str, expires_at: datetime
) -> str:
    """Return a pass for one lobby, organisation and session."""
    body = SHAPE.pack(
        lobby_id.bytes,
        organisation_id.bytes,
        int(expires_at.timestamp()),
        session_digest(session_key),
    )
    return base64.urlsafe_b64encode(body + _mac(body)).decode()


@lru_cache(maxsize=20_000)
def opened_pass(token: str) -> Pass:
    """Return what a pass says, whatever the session and the hour.

    :raises PassWrong: if it is not ours.
    """
    sentence = marked("This pass is not valid here. Go back to the lobby and join again.")
    if len(token) != PASS_CHARS or not token.isascii():
        raise PassWrong(sentence)
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise PassWrong(sentence) from None
    body, mac = raw[: SHAPE.size], raw[SHAPE.size :]
    if len(raw) != PASS_BYTES or not hmac.compare_digest(mac, _mac(body)):
        raise PassWrong(sentence)
    lobby, organisation, until_s, digest = SHAPE.unpack(body)
    return Pass(
        lobby_id=uuid.UUID(bytes=lobby),
        organisation_id=uuid.UUID(bytes=organisation),
        session_digest=digest,
        expires_at=datetime.fromtimestamp(until_s, UTC),
    )


def read_pass(token: str, *, session_key: str, now: datetime) -> Pass:
    """Return what a pass says, if it is ours, of this session, and not over.

    :raises PassWrong: if it is not ours or of another session.
    :raises PassOver: if its time has passed.
    """
    found = opened_pass(token)
    if not hmac.compare_digest(found.session_digest, session_digest(session_key)):
        raise PassWrong(
            marked("This pass belongs to another session. Go back to the lobby and join again.")
        )
    if found.expires_at <= now:
        raise PassOver(marked("This pass is over. Go back to the lobby and join again."))
    return found
