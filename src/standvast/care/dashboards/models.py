"""The last count of each organisation. About nobody: counts by month, programme and activity."""

import uuid
from collections.abc import Collection

from django.db import models
from django.db.models import F, Q

from standvast.care.dashboards.rules.cells import Measure
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import impersonal

PATH_MAX = 120


class Counting(models.Model):
    """When an organisation was counted last, and whether the last attempt came to something."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    counted_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    is_broken = models.BooleanField(default=False)
    """Nobody could count at the last attempt; what stands is older."""

    def __str__(self) -> str:
        return str(self.organisation_id)


class CountQuerySet(models.QuerySet["Count"]):
    """Ways to ask for counts."""

    def of_organisations(self, organisation_ids: Collection[uuid.UUID]) -> "CountQuerySet":
        """Only those of these organisations."""
        return self.filter(organisation_id__in=organisation_ids)


class Count(models.Model):
    """One cell, as it was counted. It may be about few people: `rules.hiding` decides who sees."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Measure])
    programme = impersonal(models.CharField(max_length=24), "the code of a programme")
    path = impersonal(
        models.CharField(max_length=PATH_MAX, blank=True, default=""),
        "codes of activities, broadest first",
    )
    from_on = models.DateField()
    until_on = models.DateField()
    count = models.PositiveIntegerField()
    people = models.PositiveIntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "measure", "programme", "path", "from_on", "until_on"],
                name="dashboards_counted_once",
            ),
            models.CheckConstraint(
                name="dashboards_count_is_about_people",
                condition=Q(people__gt=0, count__gte=F("people")),
            ),
            models.CheckConstraint(
                name="dashboards_period_forward", condition=Q(until_on__gt=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
