"""What cannot count any more is forgotten; the journal still tells of it."""

from datetime import datetime

from django.db import models

from standvast.registry.grants.models import Assertion, Grant, Launch, Tally, Token
from standvast.registry.grants.operations.counting import WINDOW
from standvast.registry.grants.rules.times import OPENED_LIFE

ROWS_MAX = 10_000
"""Of each table, at each sweep."""


def forget(now: datetime) -> int:
    """Forget what has had its time; return how many rows. Grants after their last token."""
    launches_before = now - 2 * OPENED_LIFE
    return (
        _delete(Assertion.objects.filter(forget_at__lt=now))
        + _delete(Launch.objects.filter(expires_at__lt=launches_before))
        + _delete(Tally.objects.filter(window_at__lt=now - 2 * WINDOW))
        + _delete(Token.objects.filter(forget_at__lt=now))
        + _delete(Grant.objects.filter(forget_at__lt=now, tokens=None))
    )


def _delete(rows: "models.QuerySet[models.Model]") -> int:
    ids = list(rows.values_list("pk", flat=True)[:ROWS_MAX])
    return rows.model._default_manager.filter(pk__in=ids).delete()[0]
