"""The key that each system knows Standvast by: handed in beforehand, kept in a folder."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PEM_CHARACTERS_MAX = 4_000


class NoKey(ValueError):
    """This is no public key."""


def trust(folder: Path, slug: str, pem: str) -> None:
    """Know Standvast by this key from now on.

    :raises NoKey: if it is none.
    """
    _read(pem)
    path = _path(folder, slug)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(pem, encoding="ascii")


def trusted(folder: Path, slug: str) -> EllipticCurvePublicKey | None:
    """Return the key that a system knows Standvast by; None before one was handed in."""
    try:
        return _read(_path(folder, slug).read_text(encoding="ascii"))
    except (OSError, NoKey):
        return None


def _path(folder: Path, slug: str) -> Path:
    return folder / "targets" / f"{slug}.pem"


def _read(pem: str) -> EllipticCurvePublicKey:
    try:
        key = load_pem_public_key(pem[:PEM_CHARACTERS_MAX].encode("ascii"))
    except ValueError:
        raise NoKey("This is no public key in PEM.") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise NoKey("Only elliptic keys are taken here.")
    return key
