"""Reads: how much chain care was done, as counts about nobody. Set-wise, two statements.

What is about few people is among them: whoever shows counts to a person hides those.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from standvast.database.api import named_sql

PACKAGE = "standvast.care.insurance"
LONGEST_QUARTER = timedelta(days=92)
LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class CareCount:
    """What was counted from one month until another; `code` is empty for people enrolled.

    `people` are different people: those of a quarter are not the sum of those of its months.
    """

    programme: str
    code: str
    from_on: date
    until_on: date
    count: int
    people: int


def care_counts(
    organisation_id: uuid.UUID, *, from_on: date, until_on: date
) -> tuple[CareCount, ...]:
    """Return a count per programme and activity for each month, each quarter and the whole period.

    The period begins and ends with a month, half open. A quarter of which a part lies outside is
    left out, and so is what was withdrawn.
    """
    rows = _rows("count_care", organisation_id, from_on, until_on)
    found = [
        CareCount(programme, code, *_span(month, quarter, from_on, until_on), count, people)
        for programme, code, month, quarter, count, people in rows
    ]
    return tuple(one for one in found if from_on <= one.from_on and one.until_on <= until_on)


def enrolled_counts(
    organisation_id: uuid.UUID, *, from_on: date, until_on: date
) -> tuple[CareCount, ...]:
    """Return how many people were in each programme at the end of each month."""
    return tuple(
        CareCount(programme, "", month, _after(month, LONGEST_MONTH), people, people)
        for programme, month, people in _rows("count_enrolled", organisation_id, from_on, until_on)
    )


def _rows(
    name: str, organisation_id: uuid.UUID, from_on: date, until_on: date
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, name),
            {"organisation_id": organisation_id, "from_on": from_on, "until_on": until_on},
        )
        return list(cursor.fetchall())


def _span(
    month: date | None, quarter: date | None, from_on: date, until_on: date
) -> tuple[date, date]:
    """Return the months that a row is about."""
    if month is not None:
        return month, _after(month, LONGEST_MONTH)
    if quarter is not None:
        return quarter, _after(quarter, LONGEST_QUARTER)
    return from_on, until_on


def _after(first_on: date, longest: timedelta) -> date:
    """Return the first day of the month that follows."""
    return (first_on + longest).replace(day=1)
