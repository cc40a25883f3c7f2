"""Keys of the simulated world: made once, kept in a folder of its owner's."""

import fcntl
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurve,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


def kept_key(path: Path, curve: EllipticCurve) -> EllipticCurvePrivateKey:
    """Return the key in a file; made at first use, by one process alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = file.read()
        if not kept:
            made = generate_private_key(curve)
            kept = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
    key = load_pem_private_key(kept, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key
