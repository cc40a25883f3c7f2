"""The key with which the record system signs."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from standvast.outside.keys import kept_key


def signing_key(folder: Path) -> EllipticCurvePrivateKey:
    """Return the key; made at first use, by one process alone."""
    return kept_key(folder / "records.key", SECP256R1())


def public_pem(key: EllipticCurvePrivateKey) -> str:
    """Return what others know its signature by."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
