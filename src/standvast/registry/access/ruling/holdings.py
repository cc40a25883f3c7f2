"""Reads: exceptions that stand, and where the glass was broken."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from standvast.registry.access.ruling.models import PersonalRule
from standvast.registry.access.ruling.question import Holding

ROWS_MAX = 500


@dataclass(frozen=True)
class HeldRow:
    """An exception or a broken glass, for a list."""

    id: uuid.UUID
    person_id: uuid.UUID
    person: str
    organisation: str
    name: str
    purpose: str
    why: str
    from_at: datetime
    until_at: datetime | None
    is_over: bool
    made_by: str
    reviewed_by: str
    was_right: bool | None
    number: int | None


def open_exceptions(*, now: datetime) -> tuple[HeldRow, ...]:
    """Return exceptions until they are ended, those that are over first; at most 500.

    One whose time has passed stays in sight: its rule was not mended, and somebody lost what they
    had. Rules that make it needless end it.
    """
    rows = PersonalRule.objects.filter(holding=Holding.EXCEPTION, ended_at=None)
    return _held(rows.order_by("until_at", "id"), now=now)


def broken_glass(
    *, organisation_id: uuid.UUID | None = None, since: datetime, waiting_only: bool = False
) -> tuple[HeldRow, ...]:
    """Return where the glass was broken, newest first; at most 500."""
    rows = PersonalRule.objects.filter(holding=Holding.GLASS)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    wanted = Q(reviewed_at=None) if waiting_only else Q(reviewed_at=None) | Q(from_at__gte=since)
    return _held(rows.filter(wanted).order_by("-from_at", "id"))


def _held(rows: QuerySet[PersonalRule], *, now: datetime | None = None) -> tuple[HeldRow, ...]:
    found = rows.select_related("person", "organisation", "made_by", "reviewed_by", "ruleset")
    return tuple(
        HeldRow(
            id=one.id,
            person_id=one.person_id,
            person=one.person.display_name,
            organisation=one.organisation.name,
            name=one.name,
            purpose=one.purpose,
            why=one.why,
            from_at=one.from_at,
            until_at=one.until_at,
            is_over=now is not None and one.until_at is not None and one.until_at <= now,
            made_by=one.made_by.display_name if one.made_by else "",
            reviewed_by=one.reviewed_by.display_name if one.reviewed_by else "",
            was_right=one.was_right,
            number=one.ruleset.number if one.ruleset else None,
        )
        for one in found[:ROWS_MAX]
    )
