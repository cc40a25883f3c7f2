"""Payloads sealed at rest, and the keyed digest that tells a repeat from a clash."""

import hashlib
import hmac

import msgspec

from standvast.core.delivery.values import Payload
from standvast.core.sealing import api as keys
from standvast.core.sealing.api import CannotOpen, SealingKey, SealingKeysWrong

__all__ = [
    "CannotOpen",
    "SealingKey",
    "SealingKeysWrong",
    "canonical",
    "digest",
    "first_key",
    "is_same",
    "opened",
    "seal",
    "sealing_keys",
]

USE = "delivery"
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(dict[str, object])


def canonical(payload: Payload) -> bytes:
    """Return the payload as JSON with sorted keys: the same content, the same bytes."""
    return _encoder.encode(payload)


def sealing_keys() -> dict[str, SealingKey]:
    """Return the keys for payloads by id, the sealing one first.

    :raises SealingKeysWrong: if they cannot be used.
    """
    return keys.sealing_keys(USE)


def first_key() -> SealingKey:
    """Return the key that seals now."""
    return keys.first_key(USE)


def _place(lane: str, key: str) -> bytes:
    return f"{lane}\0{key}".encode()


def seal(sealing: SealingKey, plain: bytes, *, lane: str, key: str) -> bytes:
    """Return nonce and sealed text, tied to the lane and key it belongs to."""
    return keys.seal(sealing, plain, place=_place(lane, key))


def opened(sealed: bytes, *, key_id: str, lane: str, key: str) -> dict[str, object]:
    """Return the payload.

    :raises CannotOpen: if it was altered or moved, or its key is not among the settings.
    """
    plain = keys.opened(sealed, key_id=key_id, use=USE, place=_place(lane, key))
    try:
        return _decoder.decode(plain)
    except ValueError as error:
        raise CannotOpen("is no payload") from error


def digest(sealing: SealingKey, plain: bytes) -> bytes:
    """Return the keyed digest of a canonical payload: says nothing to who lacks the key."""
    return hmac.digest(sealing.digest_key, plain, hashlib.sha256)


def is_same(plain: bytes, *, digest_stored: bytes, key_id: str) -> bool:
    """Whether a stored digest is of this content. False if its key is gone: refuse, not guess."""
    sealing = sealing_keys().get(key_id)
    return sealing is not None and hmac.compare_digest(digest(sealing, plain), digest_stored)
