"""Tidings: one row per person and thing told."""

import uuid

from django.db import models
from django.db.models import F, Q

from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


class TidingQuerySet(models.QuerySet["Tiding"]):
    """Ways to ask for tidings."""

    def of(self, person_id: uuid.UUID, organisation_id: uuid.UUID) -> "TidingQuerySet":
        """Only one person's, about one place of work."""
        return self.filter(person_id=person_id, organisation_id=organisation_id)


class Tiding(models.Model):
    """Something a person should know of their work at an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = impersonal(models.CharField(max_length=100), "what it tells of, by id")
    template = impersonal(models.CharField(max_length=200), "a marked sentence")
    values = personal(models.JSONField(default=dict), Kind.FREE_TEXT, Scrub.EMPTY)
    path = impersonal(models.CharField(max_length=200), "an address of ours, with ids alone")
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = TidingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="tidings_told_once"),
            models.CheckConstraint(
                name="tidings_lead_inside",
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
            ),
            models.CheckConstraint(
                name="tidings_read_after_told",
                condition=Q(read_at=None) | Q(read_at__gte=F("told_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "organisation", "-told_at"], name="tidings_newest"),
            models.Index(fields=["told_at"], name="tidings_oldest"),
        ]
