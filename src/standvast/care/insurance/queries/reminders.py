"""Reads: who has chain care of a quarter, and what of it is still to be claimed."""

import uuid
from datetime import date

from django.db import connection
from django.db.models import Q

from standvast.care.insurance.models import Enrolment, Reminder
from standvast.care.insurance.queries.claims import PACKAGE, candidates_sql, period
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import PROGRAMMES
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.rules.reminders import Outstanding
from standvast.database.api import named_sql


def outstanding_of(organisation_id: uuid.UUID, quarter: Quarter) -> tuple[Outstanding, ...]:
    """Return what is still to be claimed of a quarter, by programme; none where that is nothing.

    Whether a bundle was prepared makes no difference: it is worked out of what was done.
    """
    found = []
    for programme in PROGRAMMES:
        with connection.cursor() as cursor:
            cursor.execute(
                candidates_sql() + named_sql(PACKAGE, "outstanding"),
                period(organisation_id, programme, quarter),
            )
            row = cursor.fetchone()
        assert row is not None
        if row[0]:
            found.append(Outstanding(programme, *row))
    return tuple(found)


def to_look_at(quarter: Quarter, *, today: date, limit: int) -> tuple[uuid.UUID, ...]:
    """Return organisations that had people in chain care, and were not looked at today or told."""
    done = Reminder.objects.filter(quarter=str(quarter)).filter(
        Q(told_at__isnull=False) | Q(looked_on__gte=today)
    )
    rows = (
        Enrolment.objects.filter(from_on__lt=quarter.after.first_on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gt=quarter.first_on))
        .exclude(main=Main.ELSEWHERE.value)
        .exclude(organisation_id__in=done.values("organisation_id"))
    )
    ids = rows.order_by("organisation_id").values_list("organisation_id", flat=True).distinct()
    return tuple(ids[:limit])
