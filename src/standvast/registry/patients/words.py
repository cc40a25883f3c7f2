"""The words by which a patient is found: of a row, and of a search. Pure.

A word that begins with a sign cannot come from a name: `folded` leaves letters and digits only.
"""

import uuid
from datetime import date

from standvast.registry.patients.rules import Name, Search, name_words


def words_of(organisation_id: uuid.UUID, birth_on: date, *names: Name) -> list[str]:
    """Return the words that stand in a row: of its own name and of those merged into it."""
    found = {f"={organisation_id.hex}", f"#{birth_on:%Y%m%d}"}
    for name in names:
        found |= name_words(name)
    return sorted(found)


def query_of(organisation_id: uuid.UUID, search: Search) -> str:
    """Return a `tsquery`: this organisation, this birth date, names that begin so."""
    pieces = [f"'={organisation_id.hex}'"]
    if search.birth_on is not None:
        pieces.append(f"'#{search.birth_on:%Y%m%d}'")
    pieces.extend(f"'{word}':*" for word in search.words)
    return " & ".join(pieces)
