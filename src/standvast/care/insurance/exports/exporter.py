"""What every exporter is given, and what it gives."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutgoingLine:
    """A claim line with what the insurers need to know of the patient."""

    id: uuid.UUID
    version: int
    credits_id: uuid.UUID | None
    """The line whose amount is taken back."""
    bsn: str
    birth_on: date
    insurer: str
    insured_number: str
    activity: str
    """A key of `rules.programmes.ACTIVITIES`; empty: the quarter as a whole."""
    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One submission: its lines in a fixed order."""

    id: uuid.UUID
    bundle_id: uuid.UUID
    version: int
    asker: str
    """AGB number of who claims."""
    programme: str
    quarter: str
    made_on: date
    lines: tuple[OutgoingLine, ...]

    @property
    def cents(self) -> int:
        """Return the sum."""
        return sum(line.cents for line in self.lines)


class Exporter(Protocol):
    """Writes a submission in one format."""

    suffix: str
    """What the file's name ends on."""
    media_type: str

    def write(self, outgoing: Outgoing) -> bytes:
        """Return the file.

        :raises FieldWrong: if the format has no room for a value.
        """
        ...
