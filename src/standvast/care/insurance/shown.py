"""Claims as pages say them: words for states, the receipt line, patients' names beside rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext

from standvast.care.insurance.operations.submitting import CLAIMS, submission_key
from standvast.care.insurance.rules.claims import BundleState, LineState
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.views import BundleRow, SubmissionRow
from standvast.core.delivery.api import State, receipt_of
from standvast.kit.words import marked
from standvast.web.api import Fate, ReceiptView

QUARTER = marked("quarter {number} of {year}")
LATE_AFTER = timedelta(seconds=60)
BUNDLE_STATES: Mapping[BundleState, tuple[str, str]] = {
    BundleState.COLLECTING: (marked("being collected"), "off"),
    BundleState.DECIDING: (marked("somebody must decide"), "late"),
    BundleState.READY: (marked("ready to submit"), "info"),
    BundleState.SUBMITTED: (marked("submitted"), "info"),
    BundleState.PARTLY_ANSWERED: (marked("answered in part"), "info"),
    BundleState.ANSWERED: (marked("answered"), "ok"),
    BundleState.PAID: (marked("paid"), "ok"),
    BundleState.CORRECTED: (marked("corrected, to submit again"), "late"),
}
LINE_STATES: Mapping[LineState, tuple[str, str]] = {
    LineState.DRAFT: (marked("stays here"), "late"),
    LineState.IN_BUNDLE: (marked("ready to submit"), "info"),
    LineState.SUBMITTED: (marked("submitted"), "info"),
    LineState.APPROVED: (marked("approved"), "ok"),
    LineState.REJECTED: (marked("rejected"), "harm"),
    LineState.CORRECTED: (marked("corrected"), "off"),
    LineState.WITHDRAWN: (marked("withdrawn"), "off"),
}
"""Words and the kind of badge."""
SHOWN: Mapping[str, str] = {
    "all": marked("All"),
    "held": marked("Staying here"),
    "ready": marked("Ready to submit"),
    "sent": marked("Submitted"),
    "approved": marked("Approved"),
    "rejected": marked("Rejected"),
    "corrected": marked("Corrected"),
    "groundless": marked("Ground is gone"),
}


def quarter_said(quarter: Quarter) -> str:
    """Return a quarter as people say it, in the reader's language."""
    return gettext(QUARTER).format(number=quarter.number, year=quarter.year)


def claims_receipt(
    bundle: BundleRow, submission: SubmissionRow | None, *, now: datetime
) -> ReceiptView | None:
    """Return the receipt line of the last submission; None while nothing went."""
    if submission is None:
        return None
    delivery = receipt_of(CLAIMS, submission_key(bundle.id, submission.version))
    to = gettext("the insurers")
    at = submission.submitted_at
    if delivery is None or delivery.state is State.ACCEPTED:
        arrived_at = (delivery.settled_at if delivery else None) or at
        return ReceiptView(Fate.ARRIVED, arrived_at, to=to)
    if delivery.state is State.REFUSED:
        reason = gettext("the insurers did not take this message; the desk sees it and acts")
        return ReceiptView(Fate.NEEDS_YOU, delivery.settled_at or at, to=to, reason=reason)
    if now - at <= LATE_AFTER:
        return ReceiptView(Fate.KEPT, at, to=to)
    reason = gettext("The insurers do not answer now. What you submitted is kept and will be sent.")
    return ReceiptView(Fate.ON_ITS_WAY, at, to=to, reason=reason)
