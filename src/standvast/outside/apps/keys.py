"""The key pair with which each app proves itself, and the half that it hands in."""

from pathlib import Path

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey

from standvast.outside.keys import kept_key

KEY_NAME = "one"


def app_key(folder: Path, slug: str) -> EllipticCurvePrivateKey:
    """Return an app's key; made at first use."""
    return kept_key(folder / "apps" / f"{slug}.key", SECP384R1())


def key_set(folder: Path, slug: str) -> str:
    """Return the public half as a JWK Set, as a supplier hands it in."""
    public = app_key(folder, slug).public_key()
    told = jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True)
    one = {**told, "kid": KEY_NAME, "use": "sig", "alg": "ES384"}
    one.pop("key_ops", None)
    return msgspec.json.encode({"keys": [one]}).decode()
