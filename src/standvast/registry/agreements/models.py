"""Agreements, their versions, who had the document, who signed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from standvast.kit.ids import uuid7
from standvast.registry.agreements.rules import DOCUMENT_BYTES_MAX, PARTS_MAX
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import impersonal


class Agreement(models.Model):
    """What kinds of organisation sign."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = impersonal(models.SlugField(max_length=60, unique=True), "a name of the office's")
    kinds = impersonal(ArrayField(models.CharField(max_length=16)), "a closed list")
    latest_number = models.PositiveIntegerField(default=0)


class Version(models.Model):
    """One text of an agreement. Never changed: its digest is what was signed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    titles = impersonal(models.JSONField(), "a title of the office's")
    parts = impersonal(models.JSONField(), "parts of the office's")
    document = impersonal(models.BinaryField(max_length=DOCUMENT_BYTES_MAX), "the same for all")
    digest = impersonal(models.CharField(max_length=64), "of the document")
    published_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreements_numbered"),
            models.CheckConstraint(name="agreements_number_counts", condition=Q(number__gte=1)),
        ]


class Download(models.Model):
    """Somebody had the document of a version, for an organisation."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "person"], name="agreements_had_once"
            ),
        ]


class Signature(models.Model):
    """An organisation signed a version: one, by one person, with the parts they chose."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    parts = impersonal(
        ArrayField(models.CharField(max_length=8), size=PARTS_MAX), "slugs of the version's parts"
    )
    digest = impersonal(models.CharField(max_length=64), "of the document that was signed")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation"], name="agreements_signed_once"
            ),
            models.CheckConstraint(name="agreements_a_part_chosen", condition=Q(parts__len__gte=1)),
        ]
