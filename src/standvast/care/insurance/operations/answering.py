"""What the insurers said is written down, as evidence and as what is known now."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from standvast.care.insurance.models import Check, Coverage
from standvast.care.insurance.rules.coverage import Answer, Policy, reading_of
from standvast.care.insurance.told import entry
from standvast.core.journal.api import record_many
from standvast.database.api import named_sql
from standvast.kit.actor import house_actor

PACKAGE = "standvast.care.insurance"
NO_POLICY = Policy(insurer="", insured_number="", kind="", state="")


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
    list(
        Coverage.objects.select_for_update(no_key=True)
        .filter(check_under_way__in=checks)
        .order_by("id")
        .values_list("id")
    )
    if checks:
        with connection.cursor() as cursor:
            cursor.execute(
                named_sql(PACKAGE, "write_answers"),
                _columns([(check.id, answers[check.id]) for check in checks], now),
            )
    record_many(
        [
            entry(
                house_actor(check.organisation_id), check.patient_id, "C", "insurance.answered", now
            )
            for check in checks
        ]
    )


def _columns(said: Sequence[tuple[uuid.UUID, Answer]], now: datetime) -> dict[str, Any]:
    """Return what `sql/write_answers.sql` takes: one array for each column."""
    readings = [reading_of(answer) for _, answer in said]
    policies = [reading.policy or NO_POLICY for reading in readings]
    return {
        "now": now,
        "check_ids": [check_id for check_id, _ in said],
        "found": [answer.found[:60] for _, answer in said],
        "person": [answer.person[:60] for _, answer in said],
        "statuses": [reading.status.value for reading in readings],
        "codes": [reading.code for reading in readings],
        "insurers": [policy.insurer[:4] for policy in policies],
        "insured_numbers": [policy.insured_number[:20] for policy in policies],
        "packages": [policy.package[:80] for policy in policies],
        "from_on": [policy.from_on for policy in policies],
        "until_on": [policy.until_on for policy in policies],
    }
