"""For other modules' tests: people made up on the spot, without the cost of a password."""

import itertools

from standvast.registry.people.models import Person

_numbers = itertools.count(1)


def a_person(
    *,
    username: str = "",
    email: str | None = None,
    name: str = "",
    language: str = "nl",
    password: str | None = None,
    is_active: bool = True,
    is_persona: bool = False,
) -> Person:
    """Return a stored person; with a password only when given one (argon2 is slow on purpose)."""
    number = next(_numbers)
    username = username or f"persoon.{number}"
    person = Person(
        username=username,
        email=f"persoon.{number}@mensen.example" if email is None else email,
        display_name=name or f"Persoon {number}",
        language=language,
        is_active=is_active,
        is_persona=is_persona,
    )
    person.set_password(password)
    person.save()
    return person
