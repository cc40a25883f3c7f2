"""Somebody reads claims: what is shown is read and written down in one transaction."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from standvast.care.insurance.exports.exporter import Outgoing
from standvast.care.insurance.models import Line, Submission
from standvast.care.insurance.operations.correcting import LineNotFound
from standvast.care.insurance.operations.submitting import NothingToSubmit
from standvast.care.insurance.queries.claims import bundle_row, left_since
from standvast.care.insurance.queries.lines import (
    line_rows,
    line_versions,
    open_rows,
    payments_of,
)
from standvast.care.insurance.queries.outgoing import outgoing_of
from standvast.care.insurance.records import check_claims
from standvast.care.insurance.told import bundle_entry, care_entry
from standvast.care.insurance.views import BundleRow, LeftRow, LineRow, OpenRow, PaymentView
from standvast.core.journal.api import record_many
from standvast.kit.actor import Actor
from standvast.kit.words import marked


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle as its page shows it."""

    bundle: BundleRow
    open: tuple[OpenRow, ...]
    left: tuple[LeftRow, ...]
    lines: tuple[LineRow, ...]
    lines_count: int

    @property
    def patient_ids(self) -> set[uuid.UUID]:
        """Everybody who is named."""
        named = (self.open, self.left, self.lines)
        return {row.patient_id for rows in named for row in rows}


@transaction.atomic(durable=True)
def look_at_bundle(
    *, actor: Actor, bundle_id: uuid.UUID, shown: str, page: int, now: datetime
) -> Bundled:
    """Return a bundle with a page of its lines; each patient who is named is written down.

    :raises BundleNotFound: if the organisation has none such.
    """
    check_claims(actor)
    bundle = bundle_row(actor.organisation_id, bundle_id)
    lines, count = line_rows(bundle_id, shown=shown, page=page)
    found = Bundled(
        bundle=bundle,
        open=open_rows(actor.organisation_id, bundle),
        left=left_since(actor.organisation_id, bundle),
        lines=lines,
        lines_count=count,
    )
    _write_down(actor, found.patient_ids, now)
    return found


@transaction.atomic(durable=True)
def look_at_line(*, actor: Actor, line_id: uuid.UUID, now: datetime) -> tuple[LineRow, ...]:
    """Return every version of a line, the newest first.

    :raises LineNotFound: if the organisation has none such.
    """
    check_claims(actor)
    found = line_versions(actor.organisation_id, line_id)
    if not found:
        raise LineNotFound(marked("There is no such line in your organisation."))
    _write_down(actor, {found[0].patient_id}, now)
    return found


@transaction.atomic(durable=True)
def look_at_payments(
    *, actor: Actor, bundle_id: uuid.UUID, now: datetime
) -> tuple[BundleRow, tuple[PaymentView, ...]]:
    """Return what was paid for a bundle, and for whom.

    :raises BundleNotFound: if the organisation has none such.
    """
    check_claims(actor)
    bundle = bundle_row(actor.organisation_id, bundle_id)
    found = payments_of(bundle_id)
    _write_down(actor, {line.patient_id for one in found for line in one.lines}, now)
    return bundle, found


@transaction.atomic(durable=True)
def take_out(*, actor: Actor, bundle_id: uuid.UUID, version: int, now: datetime) -> Outgoing:
    """Return a submission to be written to a file; of each patient in it that is written down.

    :raises BundleNotFound: if the organisation has none such.
    :raises NothingToSubmit: if no such version went.
    """
    check_claims(actor)
    bundle = bundle_row(actor.organisation_id, bundle_id)
    made = Submission.objects.filter(bundle_id=bundle.id, version=version).first()
    found = outgoing_of(made.id) if made else None
    if found is None:
        raise NothingToSubmit(marked("Nothing went of this bundle yet."))
    ids = Line.objects.filter(submission_id=found.id).values_list("patient_id", flat=True)
    record_many(
        [
            bundle_entry(actor, bundle.id, "R", "insurance.taken_out", now, version=version),
            *(
                care_entry(actor, one, "R", "insurance.claims_taken_out", now)
                for one in sorted(set(ids))
            ),
        ]
    )
    return found


def _write_down(actor: Actor, patient_ids: Iterable[uuid.UUID], now: datetime) -> None:
    ids = sorted(patient_ids)
    record_many([care_entry(actor, one, "R", "insurance.claims_seen", now) for one in ids])
