"""How an app proves who it is: its public keys, and what it signs with them. Pure.

A token is checked with the keys that were registered and no other: what its header says of keys
(`jwk`, `jku`, `x5u`) is not looked at.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.types import Options

from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.grants.rules.times import ASSERTION_LIFE_MAX, SKEW

KEYS_MAX = 10
RSA_BITS_MIN = 2048
ASSERTION_CHARACTERS_MAX = 8_192
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS384", "ES384")
_PRIVATE_PARTS = ("d", "p", "q", "dp", "dq", "qi", "k", "oth")


class Proof(StrEnum):
    """How an app shows that it is the app."""

    NONE = "none"
    """It cannot keep a secret: it runs in a browser or on a telephone. PKCE has to do."""
    SECRET = "client_secret_basic"  # noqa: S105 - the name of a way, not a secret
    KEY = "private_key_jwt"


class KeysNotRight(Invalid):
    """These cannot be an app's public keys."""

    code = "grants.keys_not_right"


class NotProven(Exception):
    """The app did not show that it is the app. Nobody is told which part was wrong."""


class Assertion(msgspec.Struct, frozen=True):
    """What an app signs about itself, as far as it counts."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    jti: str
    nbf: float = 0.0


def keys_in(text: str) -> list[dict[str, Any]]:
    """Return the public keys in a text: a JWK Set, as suppliers publish it.

    :raises KeysNotRight: saying what is wrong with which.
    """
    try:
        told = msgspec.json.decode(text or "{}", type=dict[str, Any])
        keys = msgspec.convert(told.get("keys"), list[dict[str, Any]])
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise KeysNotRight(marked("This is no JWK Set: paste what stands at jwks_uri.")) from None
    if not 1 <= len(keys) <= KEYS_MAX:
        raise KeysNotRight(marked("Give between one key and ten."))
    names = [str(key.get("kid") or "") for key in keys]
    if "" in names or len(set(names)) != len(names):
        raise KeysNotRight(marked("Each key has a kid, and no two the same."))
    for key in keys:
        _check_key(key)
    return keys


def _check_key(key: Mapping[str, Any]) -> None:
    name = str(key["kid"])[:40]
    if any(part in key for part in _PRIVATE_PARTS):
        raise KeysNotRight(
            marked("Key {name} is a private or shared key. Make a new pair, and hand in half."),
            name=name,
        )
    refusal = KeysNotRight(
        marked("Key {name} is not for RS384 (RSA of 2048 bits or more) or ES384 (P-384)."),
        name=name,
    )
    try:
        made = jwt.PyJWK(dict(key), algorithm=_algorithm_of(key))
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise refusal from None
    if isinstance(made.key, RSAPublicKey):
        if made.key.key_size < RSA_BITS_MIN:
            raise refusal
    elif not isinstance(made.key, EllipticCurvePublicKey) or made.key.key_size != 384:
        raise refusal
    if key.get("use", "sig") != "sig" or key.get("alg", made.algorithm_name) not in ALGORITHMS:
        raise refusal


def _algorithm_of(key: Mapping[str, Any]) -> str:
    return "RS384" if key.get("kty") == "RSA" else "ES384"


def proven(
    assertion: str,
    *,
    client_id: str,
    keys: Sequence[Mapping[str, Any]],
    audiences: Sequence[str],
    now: datetime,
) -> tuple[str, datetime]:
    """Return the digest of an assertion's own number and until when it would count.

    :raises NotProven: if it was not signed by this app, for us, of this moment.
    """
    if not 0 < len(assertion) <= ASSERTION_CHARACTERS_MAX:
        raise NotProven
    told = _told(assertion, keys)
    meant = [told.aud] if isinstance(told.aud, str) else told.aud
    if told.iss != client_id or told.sub != client_id:
        raise NotProven
    if len(meant) != 1 or meant[0] not in audiences:
        raise NotProven  # whoever else it is for could hand it in here
    if told.nbf > (now + SKEW).timestamp():
        raise NotProven
    if not 8 <= len(told.jti) <= 200:
        raise NotProven
    try:
        expires_at = datetime.fromtimestamp(told.exp, tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise NotProven from None
    if not now - SKEW < expires_at <= now + ASSERTION_LIFE_MAX + SKEW:
        raise NotProven
    return hashlib.sha256(told.jti.encode()).hexdigest(), expires_at + SKEW


def _told(assertion: str, keys: Sequence[Mapping[str, Any]]) -> Assertion:
    unjudged: Options = {
        "verify_aud": False,
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
        "verify_iss": False,
        "verify_sub": False,
        "verify_jti": False,
    }
    try:
        name = jwt.get_unverified_header(assertion).get("kid")
        key = next(one for one in keys if one.get("kid") == name)
        algorithm = _algorithm_of(key)
        made = jwt.PyJWK(dict(key), algorithm=algorithm)
        told = jwt.decode(assertion, made.key, algorithms=[algorithm], options=unjudged)
        return msgspec.convert(told, Assertion)
    except (
        jwt.PyJWTError,
        msgspec.MsgspecError,
        ValueError,
        TypeError,
        StopIteration,
        RecursionError,
    ):
        raise NotProven from None
