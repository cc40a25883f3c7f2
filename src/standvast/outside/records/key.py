"""The key with which the record system signs: made once, kept in a folder of its owner's."""

import fcntl
import os
from pathlib import Path

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
    load_pem_private_key,
)


def signing_key(folder: Path) -> EllipticCurvePrivateKey:
    """Return the key; made at first use, by one process alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "records.key"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = file.read()
        if not kept:
            made = generate_private_key(SECP256R1())
            kept = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
    key = load_pem_private_key(kept, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key


def public_pem(key: EllipticCurvePrivateKey) -> str:
    """Return what others know its signature by."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
