"""How others see insurance: frozen rows."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from standvast.care.insurance.rules.coverage import Search, Status


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it goes out. `asker` is the AGB number of who asks, 8 digits."""

    check_id: uuid.UUID
    search: Search
    asker: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """How a patient's insurance stands: the last answer, and the question under way, if any."""

    patient_id: uuid.UUID
    status: Status
    code: str
    """A key of `rules.coverage.SAID`; empty before the first answer."""
    answered_at: datetime | None
    answered_on: date | None
    insurer: str
    insured_number: str
    package: str
    from_on: date | None
    until_on: date | None
    asked_at: datetime | None
    check_id: uuid.UUID | None

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is awaited."""
        return self.check_id is not None
