"""How others see insurance: frozen rows."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from standvast.care.insurance.rules.claims import BundleState, LineState, Tally
from standvast.care.insurance.rules.coverage import Search, Status
from standvast.care.insurance.rules.entitlement import Held, Main
from standvast.care.insurance.rules.programmes import Origin
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.rules.tariffs import Counts


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it goes out. `asker` is the AGB number of who asks, 8 digits."""

    check_id: uuid.UUID
    search: Search
    asker: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """How a patient's insurance stands: the last answer, and the question under way, if any."""

    id: uuid.UUID
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
    delivery_key: str = ""
    """Of the delivery that asks the question under way."""
    is_asked_with_others: bool = False
    """Whether the question under way goes along with those about other patients."""

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is awaited."""
        return self.check_id is not None


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A patient is or was in a programme."""

    id: uuid.UUID
    patient_id: uuid.UUID
    programme: str
    """A key of `rules.programmes.PROGRAMMES`."""
    from_on: date
    until_on: date | None
    """The first day on which they are not in it any more."""
    main: Main
    practitioner_id: uuid.UUID | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """Something was done for a patient in a programme."""

    id: uuid.UUID
    patient_id: uuid.UUID
    programme: str
    code: str
    """A key of `rules.programmes.ACTIVITIES`."""
    done_on: date
    person_id: uuid.UUID | None
    partner: str
    """AGB number of a chain partner; empty when it was done here."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle of claims with its sums."""

    id: uuid.UUID
    programme: str
    quarter: Quarter
    state: BundleState
    prepared_at: datetime
    delivered_count: int
    """Patients with a line that stands; likewise below."""
    claimed_count: int
    approved_count: int
    groundless_count: int
    """Lines that went and stand, without a ground."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class LeftRow:
    """Somebody who was claimed for last quarter and is not in the programme any more."""

    patient_id: uuid.UUID
    enrolment_id: uuid.UUID
    until_on: date | None
    """None: another practice is main practitioner."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A claim line."""

    id: uuid.UUID
    bundle_id: uuid.UUID
    patient_id: uuid.UUID
    activity: str
    """A key of `rules.programmes.ACTIVITIES`; empty: the quarter as a whole."""
    version: int
    is_credit: bool
    on: date
    cents: int
    state: LineState
    held: Held
    approved_cents: int | None
    rejected_cents: int | None
    reason: str
    answered_at: datetime | None
    is_paid: bool
    is_groundless: bool
    """It went and stands, and there is no ground for it any more."""
    tariff_id: uuid.UUID | None
    tariff_from_on: date | None


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Somebody whose main practitioner is to be decided about."""

    patient_id: uuid.UUID
    enrolment_id: uuid.UUID
    main: Main


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """What went together."""

    id: uuid.UUID
    version: int
    lines_count: int
    cents: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What of a payment is for one line."""

    patient_id: uuid.UUID
    activity: str
    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment with what it is for."""

    id: uuid.UUID
    reference: str
    paid_on: date
    cents: int
    lines: tuple[PaidLine, ...]


@dataclass(frozen=True, slots=True)
class TariffRow:
    """What is paid from a day on, and who said so."""

    id: uuid.UUID
    programme: str
    activity: str
    """A key of `rules.programmes.ACTIVITIES`; empty: the quarter as a whole."""
    from_on: date
    cents: int
    counts: Counts
    set_at: datetime
    set_by: str
    """Empty: it came with the installation."""
    taken_back_at: datetime | None
    taken_back_by: str
    lines_count: int
    """Lines that went at this amount."""

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it does not count yet."""
        return self.counts is Counts.TO_COME
