"""Payloads sealed at rest, and the keyed digest that tells a repeat from a clash.

`settings.SEALING_KEYS` holds `id:base64` pairs of 32 bytes. The first seals, all open: to rotate,
put a new one in front, and drop the old one after the longest retention. What is used is derived
from it (HKDF-SHA256), one key for sealing and one for the digest.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cache

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from standvast.core.delivery.values import Payload

NONCE_BYTES = 12
KEY_ID_CHARACTERS_MAX = 20

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(dict[str, object])


class SealingKeysWrong(ValueError):
    """STANDVAST_SEALING_KEYS cannot be used; the message says why, without the key."""


class CannotOpen(Exception):
    """A payload was altered, moved to another delivery, or its key is gone."""


@dataclass(frozen=True)
class SealingKey:
    """One key of the installation, by its id."""

    id: str
    sealer: AESGCM
    digest_key: bytes


def canonical(payload: Payload) -> bytes:
    """Return the payload as JSON with sorted keys: the same content, the same bytes."""
    return _encoder.encode(payload)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"standvast delivery " + purpose).derive(
        secret
    )


@cache
def _keys(entries: tuple[str, ...]) -> dict[str, SealingKey]:
    keys: dict[str, SealingKey] = {}
    for entry in entries:
        key_id, found, encoded = entry.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise SealingKeysWrong(f"Sealing key {key_id!r} is not base64.") from None
        if not found or not key_id or len(key_id) > KEY_ID_CHARACTERS_MAX:
            raise SealingKeysWrong("A sealing key is written id:base64, id of 1 to 20 characters.")
        if len(secret) != 32:
            raise SealingKeysWrong(f"Sealing key {key_id!r} must be 32 bytes.")
        if key_id in keys:
            raise SealingKeysWrong(f"Sealing key {key_id!r} is there twice.")
        keys[key_id] = SealingKey(
            key_id, AESGCM(_derived(secret, b"seal")), _derived(secret, b"digest")
        )
    if not keys:
        raise SealingKeysWrong("STANDVAST_SEALING_KEYS is empty.")
    return keys


def sealing_keys() -> dict[str, SealingKey]:
    """Return the installation's keys by id, the sealing one first.

    :raises SealingKeysWrong: if they cannot be used.
    """
    return _keys(tuple(settings.SEALING_KEYS))


def first_key() -> SealingKey:
    """Return the key that seals now."""
    return next(iter(sealing_keys().values()))


def _place(lane: str, key: str) -> bytes:
    return f"{lane}\0{key}".encode()


def seal(sealing: SealingKey, plain: bytes, *, lane: str, key: str) -> bytes:
    """Return nonce and sealed text, tied to the lane and key it belongs to."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + sealing.sealer.encrypt(nonce, plain, _place(lane, key))


def opened(sealed: bytes, *, key_id: str, lane: str, key: str) -> dict[str, object]:
    """Return the payload.

    :raises CannotOpen: if it was altered or moved, or its key is not among the settings.
    """
    sealing = sealing_keys().get(key_id)
    if sealing is None:
        raise CannotOpen("unknown key")
    try:
        plain = sealing.sealer.decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(lane, key)
        )
        return _decoder.decode(plain)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("does not open") from error


def digest(sealing: SealingKey, plain: bytes) -> bytes:
    """Return the keyed digest of a canonical payload: says nothing to who lacks the key."""
    return hmac.digest(sealing.digest_key, plain, hashlib.sha256)


def is_same(plain: bytes, *, digest_stored: bytes, key_id: str) -> bool:
    """Whether a stored digest is of this content. False if its key is gone: refuse, not guess."""
    sealing = sealing_keys().get(key_id)
    return sealing is not None and hmac.compare_digest(digest(sealing, plain), digest_stored)
