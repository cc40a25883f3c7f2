"""What the insurers answer to a claim line, and why they refuse one. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from standvast.kit.words import marked

REASONS: Mapping[str, str] = {
    "not_insured_here": marked("This person is not insured with this insurer on that day."),
    "claimed_elsewhere": marked("Another practice claimed the same for this person."),
    "amount_too_high": marked("The amount is higher than what was agreed."),
    "asked_too_late": marked("The claim came too late."),
    "other": marked("The insurer gives another reason. Ask them."),
}
"""Said to the practice, by code."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What was approved of a line, in cents; `reason` is a key of REASONS where not all of it."""

    line_id: uuid.UUID
    approved_cents: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What of a payment is for a line."""

    line_id: uuid.UUID
    cents: int


@dataclass(frozen=True, slots=True)
class Specification:
    """A payment as the insurers specify it."""

    message_id: uuid.UUID
    reference: str
    paid_on: date
    rows: tuple[PaidRow, ...]

    @property
    def cents(self) -> int:
        """Return what was paid in all."""
        return sum(row.cents for row in self.rows)


def fits(cents: int, approved_cents: int) -> bool:
    """Whether that much can have been approved of a line: nothing, all, or a part."""
    return min(cents, 0) <= approved_cents <= max(cents, 0)
