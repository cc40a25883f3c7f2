"""Sessions that have ended are forgotten: of a table that every sign-in fills."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

ROWS_MAX = 5_000
"""At a time; what is left is for the next time."""
LEFT_ALONE = timedelta(hours=1)
"""A list entry is made a moment after its session."""


@transaction.atomic(durable=True)
def forget_sessions(now: datetime) -> int:
    """Delete expired sessions and list entries of sessions that are gone; return how many."""
    over = Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:ROWS_MAX]
    count, _ = Session.objects.filter(pk__in=list(over)).delete()
    lives = Session.objects.filter(session_key=OuterRef("session_key"))
    stale = UserSession.objects.filter(~Exists(lives), created_at__lt=now - LEFT_ALONE)
    listed = list(stale.values_list("pk", flat=True)[:ROWS_MAX])
    UserSession.objects.filter(pk__in=listed).delete()
    return count + len(listed)
