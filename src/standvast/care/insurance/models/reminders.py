"""Who was reminded of what is still to be claimed: once per organisation and quarter."""

from django.db import models

from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import impersonal


class Reminder(models.Model):
    """What became of reminding an organisation of a quarter that is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    quarter = impersonal(models.CharField(max_length=6), "a quarter of a year")
    looked_on = impersonal(models.DateField(), "the day on which it was looked at last")
    told_at = models.DateTimeField(null=True)
    people_count = models.PositiveSmallIntegerField(default=0)
    """How many were told."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "quarter"], name="insurance_reminded_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
