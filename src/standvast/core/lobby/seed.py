"""The seed of a draw, sealed until it is revealed."""

import base64
import os
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

SEED_BYTES = 32
IV_BYTES = 12


def new_seed() -> bytes:
    """Return a fresh seed."""
    return secrets.token_bytes(SEED_BYTES)


def _keys() -> dict[str, bytes]:
    pairs = (text.partition(":") for text in settings.SEALING_KEYS)
    return {name: base64.b64decode(key) for name, _, key in pairs}


def seal_seed(seed: bytes, lobby: bytes) -> bytes:
    """Return the seed sealed with the first key, bound to its lobby: `key id, 0, IV, sealed`."""
    name, key = next(iter(_keys().items()))
    iv = os.urandom(IV_BYTES)
    return name.encode() + b"\0" + iv + AESGCM(key).encrypt(iv, seed, b"lobby seed" + lobby)


def open_seed(sealed: bytes, lobby: bytes) -> bytes:
    """Return the seed of this lobby."""
    name, _, rest = sealed.partition(b"\0")
    key = _keys()[name.decode()]
    return AESGCM(key).decrypt(rest[:IV_BYTES], rest[IV_BYTES:], b"lobby seed" + lobby)
