"""The installation's keys, one set derived per use.

`settings.SEALING_KEYS` holds `id:base64` pairs of 32 bytes. The first seals, all open: to rotate,
put a new one in front, and drop the old one after the longest retention. What is used is derived
from it (HKDF-SHA256), one key for sealing and one for digests, for each use.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
KEY_ID_CHARACTERS_MAX = 20


class SealingKeysWrong(ValueError):
    """STANDVAST_SEALING_KEYS cannot be used; the message says why, without the key."""


class CannotOpen(Exception):
    """What was sealed was altered, moved to another place, or its key is gone."""


@dataclass(frozen=True)
class SealingKey:
    """One key of the installation for one use, by its id."""

    id: str
    sealer: AESGCM
    digest_key: bytes


def _derived(secret: bytes, use: str, purpose: str) -> bytes:
    info = f"standvast {use} {purpose}".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(secret)


@cache
def _keys(entries: tuple[str, ...], use: str) -> dict[str, SealingKey]:
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
            key_id, AESGCM(_derived(secret, use, "seal")), _derived(secret, use, "digest")
        )
    if not keys:
        raise SealingKeysWrong("STANDVAST_SEALING_KEYS is empty.")
    return keys


def sealing_keys(use: str) -> dict[str, SealingKey]:
    """Return the installation's keys for a use by id, the sealing one first.

    :raises SealingKeysWrong: if they cannot be used.
    """
    return _keys(tuple(settings.SEALING_KEYS), use)


def first_key(use: str) -> SealingKey:
    """Return the key that seals now."""
    return next(iter(sealing_keys(use).values()))


def seal(sealing: SealingKey, plain: bytes, *, place: bytes) -> bytes:
    """Return nonce and sealed text, tied to the place it belongs to."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + sealing.sealer.encrypt(nonce, plain, place)


def opened(sealed: bytes, *, key_id: str, use: str, place: bytes) -> bytes:
    """Return what was sealed.

    :raises CannotOpen: if it was altered or moved, or its key is not among the settings.
    """
    sealing = sealing_keys(use).get(key_id)
    if sealing is None:
        raise CannotOpen("unknown key")
    try:
        return sealing.sealer.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("does not open") from error
