"""Tokens that could not be taken any more are forgotten."""

from datetime import datetime

from standvast.care.launches.models import Used

ROWS_MAX = 10_000


def forget_tokens(now: datetime) -> int:
    """Forget at most 10,000 tokens whose time has passed; return how many."""
    ids = Used.objects.filter(forget_at__lt=now).values_list("id", flat=True)[:ROWS_MAX]
    return Used.objects.filter(id__in=list(ids)).delete()[0]
