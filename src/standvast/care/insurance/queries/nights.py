"""Reads: how far a practice's coverage has come, asked anew in one go."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from standvast.care.insurance.models import Night
from standvast.care.insurance.rules.nightly import Ended

SHOWN_MAX = 14


@dataclass(frozen=True, slots=True)
class NightView:
    """One go through the patients, with its figures."""

    id: uuid.UUID
    begun_at: datetime
    is_by_hand: bool
    patients_count: int
    looked_at_count: int
    asked_count: int
    answered_count: int
    ended_at: datetime | None
    ended: Ended | None

    @property
    def is_under_way(self) -> bool:
        """Whether there are patients to look at, or answers to come."""
        return self.ended_at is None or self.answered_count < self.asked_count


def nights_of(organisation_id: uuid.UUID) -> tuple[NightView, ...]:
    """Return a practice's last 14, newest first."""
    rows = (
        Night.objects.filter(organisation_id=organisation_id)
        .annotate(
            answered_count=Count(
                "messages__checks", filter=Q(messages__checks__answered_at__isnull=False)
            )
        )
        .order_by("-begun_at")[:SHOWN_MAX]
    )
    return tuple(
        NightView(
            id=row.id,
            begun_at=row.begun_at,
            is_by_hand=row.person_id is not None,
            patients_count=row.patients_count,
            looked_at_count=row.looked_at_count,
            asked_count=row.asked_count,
            answered_count=row.answered_count,
            ended_at=row.ended_at,
            ended=Ended(row.ended) if row.ended else None,
        )
        for row in rows
    )
