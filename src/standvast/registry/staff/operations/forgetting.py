"""What nobody sees any more is forgotten."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from standvast.registry.staff.models import Absence, Request
from standvast.registry.staff.rules import KEPT_AFTER, seen_since

ROWS_MAX = 10_000


@transaction.atomic(durable=True)
def forget_old(now: datetime) -> int:
    """Forget requests of over thirty days, and absences that ended ninety days ago."""
    old = Request.objects.filter(asked_at__lt=seen_since(now)).values_list("id", flat=True)
    requests, _ = Request.objects.filter(id__in=list(old[:ROWS_MAX])).delete()
    over = Absence.objects.filter(until_on__lt=timezone.localdate(now - KEPT_AFTER))
    ids = list(over.values_list("id", flat=True)[:ROWS_MAX])
    absences, _ = Absence.objects.filter(id__in=ids).delete()
    return requests + absences
