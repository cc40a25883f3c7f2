"""A practice's coverage, asked anew in one go: how far it has come, and the messages it went in."""

from django.db import models
from django.db.models import Q

from standvast.care.insurance.rules.nightly import SEARCHES_MAX, Ended
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation


class Night(models.Model):
    """One go through the patients of a practice: by itself at night, or when somebody asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    """Who asked for it; nobody: it is the night's own."""
    night_on = models.DateField()
    """The day on which it was begun."""
    begun_at = models.DateTimeField()
    answers_before = models.DateTimeField()
    """Who was answered since this instant is not asked again."""
    patients_count = models.PositiveIntegerField()
    """How many patients there were when it was begun."""
    looked_at_count = models.PositiveIntegerField(default=0)
    asked_count = models.PositiveIntegerField(default=0)
    after_id = models.UUIDField(null=True)
    """The last patient looked at: whoever goes on, goes on behind this one."""
    stepped_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(
        max_length=8, blank=True, default="", choices=[(one.value, one.value) for one in Ended]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ended_at__isnull=True),
                name="insurance_one_night_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["organisation", "night_on"],
                condition=Q(person_id__isnull=True),
                name="insurance_once_a_night",
            ),
            models.CheckConstraint(
                name="insurance_night_ends_somehow",
                condition=Q(ended_at__isnull=True, ended="")
                | (Q(ended_at__isnull=False) & ~Q(ended="")),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-begun_at"], name="insurance_nights_of_one"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """Up to twenty questions that go to the insurers together."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    night = models.ForeignKey(Night, on_delete=models.CASCADE, related_name="messages")
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="insurance_message_holds_some",
                condition=Q(count__gte=1, count__lte=SEARCHES_MAX),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
