"""Reads: how much each target is used, and by whom."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet, Sum

from standvast.care.launches.models import Hour

USED_WITHIN = timedelta(days=30)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Used:
    """How often, and by how many organisations."""

    day_count: int = 0
    month_count: int = 0
    organisations_count: int = 0


def used_by_target(now: datetime) -> Mapping[uuid.UUID, Used]:
    """Return the use of each target that was used in 30 days."""
    month = _since(now - USED_WITHIN).values("target_id")
    rows = month.annotate(clicks=Sum("count"), by=Count("organisation", distinct=True))
    today = dict(
        _since(now - DAY).values("target_id").annotate(n=Sum("count")).values_list("target_id", "n")
    )
    return {
        row["target_id"]: Used(today.get(row["target_id"], 0), row["clicks"], row["by"])
        for row in rows
    }


def users_of(slugs: Collection[str], now: datetime) -> frozenset[uuid.UUID]:
    """Return the organisations that clicked through to one of these in 30 days."""
    rows = _since(now - USED_WITHIN).filter(target__slug__in=slugs)
    return frozenset(rows.values_list("organisation_id", flat=True).distinct())


def users_count(now: datetime) -> int:
    """Return how many organisations clicked through to anything in 30 days."""
    found = _since(now - USED_WITHIN).aggregate(n=Count("organisation", distinct=True))
    return int(found["n"])


def _since(at: datetime) -> QuerySet[Hour]:
    return Hour.objects.filter(hour__gte=at).order_by()
