"""What a programme pays, and since when: kept with who said so, never changed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from standvast.care.insurance.models.care import programme
from standvast.kit.ids import uuid7
from standvast.registry.personal.api import impersonal


class Tariff(models.Model):
    """What is paid from a day on, until a later row for the same says otherwise. Made up.

    One that is taken back, or gives way to another for the same day, stays as history.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = programme()
    activity = impersonal(
        models.CharField(max_length=8, blank=True, default=""),
        "a key of rules.programmes.ACTIVITIES; empty for the quarter as a whole",
    )
    from_on = impersonal(models.DateField(), "the day from which an amount counts")
    cents = models.PositiveIntegerField()
    person_id = models.UUIDField(null=True)
    """Who set it; nobody: it came with the installation."""
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "activity", "from_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="insurance_one_tariff_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.activity} {self.from_on}"
