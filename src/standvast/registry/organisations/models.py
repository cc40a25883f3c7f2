"""Organisations, as people say them: practice, post, pharmacy, supplier, office."""

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from standvast.kit.ids import uuid7
from standvast.registry.organisations.rules import CodeSystem, Country, Kind
from standvast.registry.personal.api import Kind as Personal
from standvast.registry.personal.api import Scrub, impersonal, personal


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Ways to ask for organisations."""

    def of_organisation(self, organisation_id: uuid.UUID) -> "OrganisationQuerySet":
        """Only one's own."""
        return self.filter(id=organisation_id)

    def of_kinds(self, kinds: Iterable[Kind]) -> "OrganisationQuerySet":
        """Only those of these kinds."""
        return self.filter(kind__in=[kind.value for kind in kinds])

    def at_work(self) -> "OrganisationQuerySet":
        """Only those that take part now."""
        return self.filter(is_active=True)


class Organisation(models.Model):
    """Somebody that people work for, with its address and identifiers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in Kind])
    name = impersonal(models.CharField(max_length=120), "the public name of an organisation")
    code_system = models.CharField(
        max_length=8,
        choices=[(system.value, system.value) for system in CodeSystem],
        default=CodeSystem.NONE.value,
    )
    code = impersonal(
        models.CharField(max_length=11, blank=True, default=""), "a public register of providers"
    )
    street = impersonal(
        models.CharField(max_length=120, blank=True, default=""), "a place of work, public"
    )
    house_number = impersonal(
        models.CharField(max_length=12, blank=True, default=""), "a place of work, public"
    )
    postcode = impersonal(
        models.CharField(max_length=8, blank=True, default=""), "a place of work, public"
    )
    city = impersonal(
        models.CharField(max_length=80, blank=True, default=""), "a place of work, public"
    )
    country = models.CharField(
        max_length=2,
        choices=[(country.value, country.value) for country in Country],
        default=Country.NL.value,
    )
    address_key = impersonal(
        models.CharField(max_length=160, blank=True, default="", db_index=True),
        "made from the place of work",
    )
    # A GP alone in a practice is reached here, so these are treated as personal.
    email = personal(
        models.EmailField(max_length=254, blank=True, default=""),
        Personal.CONTACT,
        Scrub.EXAMPLE_ADDRESS,
    )
    telephone = personal(
        models.CharField(max_length=24, blank=True, default=""), Personal.CONTACT, Scrub.EMPTY
    )
    language = models.CharField(
        max_length=2, choices=[(code, code) for code in ("nl", "fr", "en")], default="nl"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_system", "code"],
                condition=~Q(code=""),
                name="organisations_code_held_once",
            ),
            models.CheckConstraint(
                name="organisations_code_well_formed",
                condition=Q(code_system="none", code="")
                | Q(code_system="agb", code__regex=r"^[0-9]{8}$")
                | Q(code_system="nihdi", code__regex=r"^[0-9]{8}([0-9]{3})?$"),
            ),
            models.CheckConstraint(
                name="organisations_kind_known",
                condition=Q(kind__in=[kind.value for kind in Kind]),
            ),
            models.CheckConstraint(name="organisations_has_a_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="organisations_by_name")]

    def __str__(self) -> str:
        return self.name
