"""The key that signs what one target gets: its own, sealed at rest, bound to its version."""

import hashlib
import uuid

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from standvast.core.sealing.api import first_key, opened, seal

USE = "launches"
NAME_CHARACTERS = 16


def new_key() -> EllipticCurvePrivateKey:
    """Return a key that nobody has had."""
    return generate_private_key(SECP256R1())


def public_pem(key: EllipticCurvePrivateKey) -> str:
    """Return what the other side knows its signatures by."""
    return (
        key.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode("ascii")
    )


def name_of(public_key: str) -> str:
    """Return how a token names the key it was signed with."""
    return hashlib.sha256(public_key.encode()).hexdigest()[:NAME_CHARACTERS]


def sealed(key: EllipticCurvePrivateKey, version_id: uuid.UUID) -> tuple[bytes, str]:
    """Return the key sealed for a version, and the id of what it was sealed with."""
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sealing = first_key(USE)
    return seal(sealing, plain, place=version_id.bytes), sealing.id


def opened_key(
    sealed_key: bytes | memoryview, key_id: str, version_id: uuid.UUID
) -> EllipticCurvePrivateKey:
    """Return the key of a version.

    :raises CannotOpen: if its sealing key is gone, or the row was altered.
    """
    plain = opened(bytes(sealed_key), key_id=key_id, use=USE, place=version_id.bytes)
    key = load_der_private_key(plain, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key
