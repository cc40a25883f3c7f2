"""Systems that launch into Standvast, who is who in them, and the tokens that were used."""

from django.db import models
from django.db.models.functions import Now

from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


class System(models.Model):
    """An external system that may launch into Standvast. `public_key` is PEM."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    title = impersonal(models.CharField(max_length=80), "the name of a product")
    issuer = impersonal(models.CharField(max_length=120, unique=True), "names a system")
    audience = impersonal(models.CharField(max_length=200), "our own address")
    public_key = impersonal(models.TextField(), "a public key")
    telephone = impersonal(
        models.CharField(max_length=24, blank=True, default=""), "the supplier's service desk"
    )
    is_active = models.BooleanField(default=True)
    used_count = models.PositiveBigIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    refused_count = models.PositiveIntegerField(default=0)
    """In a row, since the last one that was taken."""
    refused_at = models.DateTimeField(null=True)
    refused_for = impersonal(
        models.CharField(max_length=40, blank=True, default=""), "a code of ours"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="launches_key_is_there", condition=~models.Q(public_key="")
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Link(models.Model):
    """Who somebody in an external system is here: nobody yet, until they signed in once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user_system = impersonal(models.CharField(max_length=120), "names a system of numbers")
    user_value = personal(models.CharField(max_length=120), Kind.IDENTIFIER, Scrub.RANDOM)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "organisation", "user_system", "user_value"],
                name="launches_one_person_per_user",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Used(models.Model):
    """A token that was taken: it counts once. Forgotten when it could not be taken any more."""

    id = models.BigAutoField(primary_key=True)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="+")
    digest = impersonal(models.CharField(max_length=64), "a digest of a token's own number")
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "digest"], name="launches_token_counts_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
