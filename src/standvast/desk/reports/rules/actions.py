"""When an action may be closed: a drill or test that fails without the change and passes with."""

from dataclasses import dataclass
from datetime import date, datetime

from standvast.kit.errors import Refused
from standvast.kit.words import marked


class ProofMissing(Refused):
    """No run proves this action yet."""

    code = "reports.proof_missing"


@dataclass(frozen=True)
class Run:
    """A run as the rule sees it."""

    name: str
    verdict: str
    twin_verdict: str
    at: datetime


def check_proof(run: Run | None, *, proof: str, changed_at: datetime) -> None:
    """Pass if this run closes the action.

    :raises ProofMissing: saying which condition is not met.
    """
    if run is None or run.name != proof:
        raise ProofMissing(marked("No run of {proof} is recorded yet."), proof=proof)
    if run.at < changed_at:
        raise ProofMissing(marked("The last run of {proof} is older than the change."), proof=proof)
    if run.verdict != "passed":
        raise ProofMissing(marked("The last run of {proof} did not pass."), proof=proof)
    if run.twin_verdict != "failed":
        raise ProofMissing(
            marked("{proof} was not seen to fail without the change, so it proves nothing."),
            proof=proof,
        )


def is_overdue(due_on: date | None, *, closed: bool, today: date) -> bool:
    """Return whether an action should have been closed by now."""
    return not closed and due_on is not None and due_on < today
