"""What a claim line and a bundle of them go through, and sums that always fit. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from standvast.kit.errors import Refused
from standvast.kit.words import marked


class LineState(StrEnum):
    """Where a line stands."""

    DRAFT = "draft"
    """Something keeps it here; the line says what."""
    IN_BUNDLE = "in_bundle"
    """It goes when the bundle is submitted."""
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    CORRECTED = "corrected"
    """A later version took its place."""
    WITHDRAWN = "withdrawn"
    """It never went, and will not."""


MOVES: Mapping[LineState, frozenset[LineState]] = {
    LineState.DRAFT: frozenset({LineState.IN_BUNDLE, LineState.WITHDRAWN}),
    LineState.IN_BUNDLE: frozenset({LineState.DRAFT, LineState.SUBMITTED, LineState.WITHDRAWN}),
    LineState.SUBMITTED: frozenset({LineState.APPROVED, LineState.REJECTED}),
    LineState.APPROVED: frozenset({LineState.CORRECTED}),
    LineState.REJECTED: frozenset({LineState.CORRECTED}),
    LineState.CORRECTED: frozenset(),
    LineState.WITHDRAWN: frozenset({LineState.DRAFT, LineState.IN_BUNDLE}),
}
ANSWERED = (LineState.APPROVED, LineState.REJECTED)
UNSENT = (LineState.DRAFT, LineState.IN_BUNDLE)
STANDING = (LineState.SUBMITTED, LineState.APPROVED)
"""It went, and money came or may come."""


class BundleState(StrEnum):
    """Where a bundle stands; follows from its lines, see `state_of`."""

    COLLECTING = "collecting"
    DECIDING = "deciding"
    READY = "ready"
    SUBMITTED = "submitted"
    PARTLY_ANSWERED = "partly_answered"
    ANSWERED = "answered"
    PAID = "paid"
    CORRECTED = "corrected"


class MoveNotAllowed(Refused):
    """The line is in a state from which this step is not possible."""

    code = "insurance.move_not_allowed"


def check_move(current: LineState, target: LineState) -> None:
    """Pass if a line may go from one state to another.

    :raises MoveNotAllowed: if it may not.
    """
    if target not in MOVES[current]:
        raise MoveNotAllowed(marked("This line is not in a state in which that can be done."))


@dataclass(frozen=True, slots=True)
class Part:
    """What of a line the sums need."""

    state: LineState
    cents: int
    approved_cents: int = 0
    rejected_cents: int = 0
    is_answered: bool = False
    is_correction: bool = False
    is_open: bool = False
    """Somebody has yet to decide about it."""
    paid_cents: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums of a bundle. What is claimed = approved + rejected + open, to the cent."""

    open_count: int = 0
    held_count: int = 0
    """Drafts, the open ones among them."""
    ready_count: int = 0
    correcting_count: int = 0
    """Of those ready, the ones that take the place of an earlier version."""
    submitted_count: int = 0
    answered_count: int = 0
    rejected_count: int = 0
    held_cents: int = 0
    ready_cents: int = 0
    claimed_cents: int = 0
    approved_cents: int = 0
    rejected_cents: int = 0
    awaited_cents: int = 0
    paid_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Return the sum of all lines that stand."""
        return self.held_cents + self.ready_cents + self.claimed_cents

    @property
    def reconciles(self) -> bool:
        """Whether what was claimed is all accounted for."""
        answered = self.approved_cents + self.rejected_cents
        return self.claimed_cents == answered + self.awaited_cents


def tally_of(parts: Iterable[Part]) -> Tally:
    """Return counts and sums; `sql/tally.sql` does the same in the database."""
    all_parts = [part for part in parts if part.state is not LineState.WITHDRAWN]
    held = [part for part in all_parts if part.state is LineState.DRAFT]
    ready = [part for part in all_parts if part.state is LineState.IN_BUNDLE]
    sent = [part for part in all_parts if part.state not in UNSENT]
    answered = [part for part in sent if part.is_answered]
    awaited = [part for part in sent if not part.is_answered]
    return Tally(
        open_count=sum(part.is_open for part in held),
        held_count=len(held),
        ready_count=len(ready),
        correcting_count=sum(part.is_correction for part in ready),
        submitted_count=len(awaited),
        answered_count=len(answered),
        rejected_count=sum(part.state is LineState.REJECTED for part in answered),
        held_cents=sum(part.cents for part in held),
        ready_cents=sum(part.cents for part in ready),
        claimed_cents=sum(part.cents for part in sent),
        approved_cents=sum(part.approved_cents for part in answered),
        rejected_cents=sum(part.rejected_cents for part in answered),
        awaited_cents=sum(part.cents for part in awaited),
        paid_cents=sum(part.paid_cents for part in sent),
    )


def state_of(tally: Tally) -> BundleState:
    """Return where a bundle with these lines stands."""
    if tally.correcting_count:
        return BundleState.CORRECTED
    if tally.submitted_count:
        return BundleState.PARTLY_ANSWERED if tally.answered_count else BundleState.SUBMITTED
    if tally.open_count:
        return BundleState.DECIDING
    if tally.ready_count:
        return BundleState.READY
    if tally.answered_count:
        is_paid = tally.paid_cents == tally.approved_cents and tally.approved_cents != 0
        return BundleState.PAID if is_paid else BundleState.ANSWERED
    return BundleState.COLLECTING
