"""A private key at rest: sealed, and bound to the purpose and certificate that it belongs to."""

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rules.reading import plain_key, read_key
from standvast.core.sealing.api import CannotOpen, first_key, opened, seal

USE = "certificates"


def _place(purpose: str, fingerprint: str) -> bytes:
    return f"{purpose}\0{fingerprint}".encode()


def sealed(key: PrivateKeyTypes, *, purpose: str, fingerprint: str) -> tuple[bytes, str]:
    """Return a sealed key, and the id of what it was sealed with."""
    sealing = first_key(USE)
    return seal(sealing, plain_key(key), place=_place(purpose, fingerprint)), sealing.id


def opened_pem(row: Certificate) -> bytes:
    """Return the key of a row as PEM.

    :raises CannotOpen: if its sealing key is gone, or the row was altered.
    """
    place = _place(row.purpose, row.fingerprint)
    return opened(bytes(row.sealed_key), key_id=row.key_id, use=USE, place=place)


def opened_key(row: Certificate) -> PrivateKeyTypes | None:
    """Return the key of a row; None if it cannot be opened."""
    try:
        return read_key(opened_pem(row).decode("ascii"), "")
    except CannotOpen:
        return None
