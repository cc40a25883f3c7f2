"""Tokens that could not be taken any more are forgotten, and counts that nobody asks for."""

from datetime import datetime, timedelta

from standvast.care.launches.models import Hour, Used

ROWS_MAX = 10_000
HOURS_KEPT = timedelta(days=35)


def forget_tokens(now: datetime) -> int:
    """Forget at most 10,000 tokens whose time has passed; return how many."""
    ids = Used.objects.filter(forget_at__lt=now).values_list("id", flat=True)[:ROWS_MAX]
    return Used.objects.filter(id__in=list(ids)).delete()[0]


def forget_hours(now: datetime) -> int:
    """Forget at most 10,000 counts that are older than 35 days; return how many."""
    ids = Hour.objects.filter(hour__lt=now - HOURS_KEPT).values_list("id", flat=True)[:ROWS_MAX]
    return Hour.objects.filter(id__in=list(ids)).delete()[0]
