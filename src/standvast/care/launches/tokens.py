"""Reading a signed token: whose it says it is, and whether the signature is theirs."""

from collections.abc import Mapping

import jwt
from jwt.types import Options

from standvast.care.launches.rules.arriving import (
    TOKEN_CHARACTERS_MAX,
    LaunchNotTaken,
    SignatureWrong,
)
from standvast.kit.words import marked

ALGORITHMS = ("ES256", "ES384", "RS256", "RS384", "PS256")
"""Signatures with a private key only: a shared secret would let each side sign as the other."""


def issuer_in(token: str) -> str:
    """Return who a token says it is from; not proven yet.

    :raises LaunchNotTaken: if it is no token.
    """
    refusal = LaunchNotTaken(marked("This is no launch: go back and click once more."))
    if not 0 < len(token) <= TOKEN_CHARACTERS_MAX:
        raise refusal
    try:
        told = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise refusal from None
    issuer = told.get("iss")
    if not isinstance(issuer, str):
        raise refusal
    return issuer


def told_by(token: str, *, public_key: str) -> Mapping[str, object]:
    """Return what a token says, if it was signed with the key that belongs to this one.

    Times and audience are judged by our rules, with the database's clock.

    :raises SignatureWrong: if it was not.
    """
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
        told: Mapping[str, object] = jwt.decode(
            token, public_key, algorithms=list(ALGORITHMS), options=unjudged
        )
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError):
        raise SignatureWrong(
            marked("The signature of this launch is not that of the system it names.")
        ) from None
    return told
