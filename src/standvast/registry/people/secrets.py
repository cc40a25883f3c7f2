"""Secrets of the second step, sealed at rest with the installation's keys.

The first key of `SEALING_KEYS` seals, all of them open, so keys rotate without a pause.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"standvast.people.second-step"
IV_BYTES = 12


class CannotOpen(Exception):
    """A sealed secret was altered, or its key is gone from SEALING_KEYS."""


def _key(encoded: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return AESGCM(derive.derive(base64.b64decode(encoded)))


def _keys() -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in settings.SEALING_KEYS)


def seal(text: str) -> str:
    """Return `text` sealed: `key id:base64`."""
    key_id, encoded = next(iter(_keys().items()))
    iv = os.urandom(IV_BYTES)
    sealed = _key(encoded).encrypt(iv, text.encode(), PURPOSE)
    return f"{key_id}:{base64.b64encode(iv + sealed).decode()}"


def opened(sealed_text: str) -> str:
    """Return what was sealed.

    :raises CannotOpen: if it was altered or its key is gone.
    """
    key_id, _, body = sealed_text.partition(":")
    encoded = _keys().get(key_id)
    if encoded is None:
        raise CannotOpen(key_id)
    raw = base64.b64decode(body)
    try:
        return _key(encoded).decrypt(raw[:IV_BYTES], raw[IV_BYTES:], PURPOSE).decode()
    except InvalidTag:
        raise CannotOpen(key_id) from None
