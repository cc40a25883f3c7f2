"""Reads: a submission as it goes out, with what the insurers need to know of each patient."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import F
from django.utils import timezone

from standvast.care.insurance.exports.exporter import Outgoing, OutgoingLine
from standvast.care.insurance.models import Coverage, Line, Submission
from standvast.care.insurance.rules.coverage import Status
from standvast.registry.organisations.api import organisation_view
from standvast.registry.patients.api import System, numbers_of, one_person, patient_rows


def outgoing_of(submission_id: uuid.UUID) -> Outgoing | None:
    """Return a submission; None if there is none such."""
    made = Submission.objects.select_related("bundle").filter(id=submission_id).first()
    if made is None:
        return None
    bundle = made.bundle
    organisation_id = bundle.organisation_id
    lines = list(
        Line.objects.filter(submission=made)
        .select_related("activity")
        .order_by("patient_id", "version", "id")
    )
    ids = {line.patient_id for line in lines}
    patients = patient_rows(organisation_id, ids)
    bsns = numbers_of(organisation_id, ids, System.BSN)
    covers = _covers(organisation_id, ids)
    return Outgoing(
        id=made.id,
        bundle_id=bundle.id,
        version=made.version,
        asker=organisation_view(organisation_id).code,
        programme=bundle.programme,
        quarter=bundle.quarter,
        made_on=timezone.localdate(made.submitted_at),
        lines=tuple(
            _line(
                line,
                bsn=bsns.get(line.patient_id, ""),
                birth_on=patients[line.patient_id].birth_on,
                cover=covers.get(line.patient_id),
            )
            for line in lines
        ),
    )


def _covers(
    organisation_id: uuid.UUID, patient_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Coverage]:
    """Return the coverage that counts for each, as `sql/candidates.sql` picks it."""
    people = one_person(organisation_id, patient_ids)
    rows = Coverage.objects.filter(
        organisation_id=organisation_id,
        patient_id__in={row for own in people.values() for row in own},
    ).order_by(F("answered_at").desc(nulls_last=True), "id")
    best_first = sorted(rows, key=lambda row: row.status == Status.UNKNOWN.value)
    known = {row.patient_id: row for row in best_first}
    place = {patient_id: number for number, patient_id in enumerate(known)}
    return {
        one: known[min(covered, key=place.__getitem__)]
        for one, own in people.items()
        if (covered := [row for row in own if row in known])
    }


def _line(line: Line, *, bsn: str, birth_on: date, cover: Coverage | None) -> OutgoingLine:
    return OutgoingLine(
        id=line.id,
        version=line.version,
        credits_id=line.credits_id,
        bsn=bsn,
        birth_on=birth_on,
        insurer=cover.insurer if cover else "",
        insured_number=cover.insured_number if cover else "",
        activity=line.activity.code if line.activity else "",
        on=line.on,
        cents=line.cents,
    )
