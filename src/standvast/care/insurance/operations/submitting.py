"""A bundle goes to the insurers: what can go goes, once, and nobody waits for them."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from standvast.care.insurance.models import Bundle, Line, Submission
from standvast.care.insurance.operations.preparing import own_bundle, prepare_again, settle_state
from standvast.care.insurance.rules.claims import LineState
from standvast.care.insurance.rules.quarters import quarter_written
from standvast.care.insurance.told import bundle_entry, care_entry
from standvast.core.delivery.api import enqueue
from standvast.core.journal.api import record_many
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked

CLAIMS = "insurance.claims"
"""The lane on which a message with claims goes."""
ANSWERS = "insurance.answers"
"""The lane on which what comes back is fetched."""


class ClaimsNotSetUp(Refused):
    """This installation sends no claims."""

    code = "insurance.claims_not_set_up"


class QuarterNotOver(Refused):
    """The quarter is not over: more may be done in it."""

    code = "insurance.quarter_not_over"


class StillOpen(Refused):
    """It is not decided about every patient who is claimed for."""

    code = "insurance.still_open"


class NothingToSubmit(Refused):
    """There is no line that can go."""

    code = "insurance.nothing_to_submit"


class OtherThanSeen(Refused):
    """What would go is not what was shown."""

    code = "insurance.other_than_seen"


@transaction.atomic(durable=True)
def submit(
    *,
    actor: Actor,
    bundle_id: uuid.UUID,
    lines_count: int,
    cents: int,
    now: datetime,
    after_version: int | None = None,
) -> uuid.UUID:
    """Hand every line that can go to the lane, as one message; return the submission.

    `lines_count` and `cents` are what the person saw, `after_version` the last message they knew
    of: where a later one went, what they saw went with it, and nothing goes now. A line about
    which something is unknown stays, and holds up no other. Submitting twice is the same
    submission: with nothing new to go, the last one is returned.

    :raises BundleNotFound: if the organisation has none such.
    :raises ClaimsNotSetUp: if this installation sends no claims.
    :raises QuarterNotOver: if the quarter is not over.
    :raises StillOpen: if a main practitioner is yet to be decided about.
    :raises OtherThanSeen: if what would go is not what was shown.
    :raises NothingToSubmit: if no line can go, and none went.
    """
    bundle = own_bundle(actor.organisation_id, bundle_id)
    if not settings.CLAIMS_URL:
        raise ClaimsNotSetUp(marked("No claims are sent from here: no service is set up."))
    if timezone.localdate(now) <= quarter_written(bundle.quarter).last_on:
        raise QuarterNotOver(marked("This quarter is not over yet. Submit when it is."))
    last = Submission.objects.filter(bundle=bundle).order_by("-version").first()
    if last is not None and after_version is not None and last.version > after_version:
        return last.id
    prepare_again(bundle, now)
    if Line.objects.filter(bundle=bundle, held="open").exists():
        raise StillOpen(marked("Decide first about the patients whose main practitioner is open."))
    ready = Line.objects.filter(bundle=bundle, state=LineState.IN_BUNDLE.value)
    count, total = ready.count(), ready.aggregate(cents=Sum("cents"))["cents"] or 0
    if not count:
        if last is None:
            raise NothingToSubmit(marked("There is no line that can go."))
        return last.id
    if (count, total) != (lines_count, cents):
        raise OtherThanSeen(
            marked("Something changed since you looked. See again what will be submitted.")
        )
    return _sent(actor, bundle, ready, version=last.version + 1 if last else 1, now=now)


def _sent(
    actor: Actor, bundle: Bundle, ready: QuerySet[Line], *, version: int, now: datetime
) -> uuid.UUID:
    """Make one message of these lines and hand it to the lane."""
    lines = list(ready.values_list("id", "patient_id", "cents"))
    made = Submission.objects.create(
        bundle=bundle,
        version=version,
        lines_count=len(lines),
        cents=sum(cents for _, _, cents in lines),
        person_id=actor.person_id,
        submitted_at=now,
    )
    ready.update(state=LineState.SUBMITTED.value, submission=made)
    settle_state(bundle)
    _write_down(actor, made, {patient_id for _, patient_id, _ in lines}, now)
    enqueue(
        lane=CLAIMS,
        subject=str(bundle.id),
        key=submission_key(bundle.id, version),
        payload={"submission_id": str(made.id)},
        now=now,
    )
    return made.id


def _write_down(
    actor: Actor, made: Submission, patient_ids: Iterable[uuid.UUID], now: datetime
) -> None:
    """Write down that it went, and of each patient that their data went with it."""
    said = {"version": made.version, "lines": made.lines_count}
    record_many(
        [
            bundle_entry(actor, made.bundle_id, "E", "insurance.submitted", now, **said),
            *(care_entry(actor, one, "E", "insurance.claimed", now) for one in sorted(patient_ids)),
        ]
    )


def submission_key(bundle_id: uuid.UUID, version: int) -> str:
    """Return what names a submission on its lane: bundle and version."""
    return f"{bundle_id}.{version}"
