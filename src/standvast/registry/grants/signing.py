"""Saying who somebody is, signed: the identity token, and the keys by which it is checked."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from standvast.core.sealing.api import opened
from standvast.registry.grants.models import SigningKey
from standvast.registry.grants.operations.keeping import USE, keep_keys, place_of

ALGORITHM = "RS256"
KEYS_SHOWN_MAX = 10


def keys_shown(now: datetime) -> dict[str, Any]:
    """Return our public keys as a JWK Set, those that will sign among them."""
    rows = SigningKey.objects.order_by("signs_from")[:KEYS_SHOWN_MAX]
    if not rows:
        keep_keys(now)
        rows = SigningKey.objects.order_by("signs_from")[:KEYS_SHOWN_MAX]
    return {"keys": [row.public for row in rows]}


def signed(claims: Mapping[str, Any], *, now: datetime) -> str:
    """Return claims as a token, signed with the key whose time it is."""
    row = _signing(now)
    if row is None:
        keep_keys(now)
        row = _signing(now)
    assert row is not None, "a first key signs at once"
    plain = opened(bytes(row.sealed), key_id=row.sealing_key, use=USE, place=place_of(row.kid))
    key = load_der_private_key(plain, password=None)
    assert isinstance(key, RSAPrivateKey)
    return jwt.encode(dict(claims), key, algorithm=ALGORITHM, headers={"kid": row.kid})


def _signing(now: datetime) -> SigningKey | None:
    return SigningKey.objects.filter(signs_from__lte=now).order_by("-signs_from").first()


def half_digest(token: str) -> str:
    """Return what binds an identity to the access token beside it (`at_hash`)."""
    digest = hashlib.sha256(token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
