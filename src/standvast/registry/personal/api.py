"""What other modules may import to declare their personal fields."""

from standvast.registry.personal.declare import (
    Held,
    Kind,
    Scrub,
    declared,
    impersonal,
    personal,
    register,
    undeclared,
)

__all__ = [
    "Held",
    "Kind",
    "Scrub",
    "declared",
    "impersonal",
    "personal",
    "register",
    "undeclared",
]
