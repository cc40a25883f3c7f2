"""What the insurers said is written down, as evidence and as what is known now."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from standvast.care.insurance.models import Check, Coverage
from standvast.care.insurance.rules.coverage import Answer, Policy, reading_of
from standvast.care.insurance.told import entry
from standvast.core.journal.api import record_many
from standvast.kit.actor import house_actor


def take_answers(*, answers: Mapping[uuid.UUID, Answer], now: datetime) -> None:
    """Write what was said to each question, inside the transaction that settles their delivery.

    An answer to a question that was answered, or that is not the one under way any more, changes
    nothing: what is known never goes back to an older answer.
    """
    assert connection.in_atomic_block, "answers are committed together with their settle"
    checks = list(
        Check.objects.select_for_update(no_key=True)
        .filter(id__in=answers, answered_at__isnull=True)
        .order_by("id")
    )
    rows = {
        row.check_under_way_id: row
        for row in Coverage.objects.select_for_update(no_key=True)
        .filter(check_under_way__in=checks)
        .order_by("id")
    }
    for check in checks:
        answer = answers[check.id]
        reading = reading_of(answer)
        check.answered_at, check.status = now, reading.status.value
        check.found, check.person = answer.found[:60], answer.person[:60]
        if (row := rows.get(check.id)) is not None:
            row.status, row.code = reading.status.value, reading.code
            row.answered_at, row.answered_on = now, check.on
            row.check_under_way = None
            _write_policy(row, reading.policy)
    Check.objects.bulk_update(checks, ["answered_at", "status", "found", "person"])
    Coverage.objects.bulk_update(rows.values(), _WRITTEN)
    record_many(
        [
            entry(
                house_actor(check.organisation_id), check.patient_id, "C", "insurance.answered", now
            )
            for check in checks
        ]
    )


_POLICY = ("insurer", "insured_number", "package", "from_on", "until_on")
_WRITTEN = ("status", "code", "answered_at", "answered_on", "check_under_way", *_POLICY)


def _write_policy(row: Coverage, policy: Policy | None) -> None:
    row.insurer = policy.insurer[:4] if policy else ""
    row.insured_number = policy.insured_number[:20] if policy else ""
    row.package = policy.package[:80] if policy else ""
    row.from_on = policy.from_on if policy else None
    row.until_on = policy.until_on if policy else None
