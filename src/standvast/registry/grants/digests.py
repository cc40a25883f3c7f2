"""Secrets that are shown once and kept as digests only."""

import hashlib
import secrets

SECRET_BYTES = 32
NAME_BYTES = 12


def new_secret() -> str:
    """Return 256 random bits, fit for an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_client_id() -> str:
    """Return a name for an app: not secret, and not to be guessed from another's."""
    return secrets.token_hex(NAME_BYTES)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret. It is random and long, so nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
