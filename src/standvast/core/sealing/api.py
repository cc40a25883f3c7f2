"""What other modules may import to seal at rest."""

from standvast.core.sealing.keys import (
    CannotOpen,
    SealingKey,
    SealingKeysWrong,
    first_key,
    opened,
    seal,
    sealing_keys,
)

__all__ = [
    "CannotOpen",
    "SealingKey",
    "SealingKeysWrong",
    "first_key",
    "opened",
    "seal",
    "sealing_keys",
]
