"""Systems that launch into Standvast, and those it launches into."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from standvast.care.launches.rules.targets import BY_APP, State
from standvast.care.launches.rules.targets import Kind as TargetKind
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


class Target(models.Model):
    """A system that people click through to. Its slug names its variant of `launches`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.slug


class Version(models.Model):
    """One version of a target, whole. Changed only in its state and in how its walk went."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State])
    title = impersonal(models.CharField(max_length=80), "the name of a system")
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in TargetKind])
    address = impersonal(models.CharField(max_length=400), "where a system takes launches")
    audience = impersonal(models.CharField(max_length=400), "names a system")
    token_field = impersonal(models.CharField(max_length=40, default="token"), "names a field")
    task = impersonal(models.CharField(max_length=80, blank=True, default=""), "a word of theirs")
    purpose = impersonal(models.CharField(max_length=200), "what a system is for")
    owner = impersonal(models.CharField(max_length=80), "an organisation or team")
    telephone = impersonal(models.CharField(max_length=24), "a service desk")
    instead = impersonal(models.JSONField(), "what to do while a system is broken, by language")
    claims = impersonal(models.JSONField(default=dict), "names of claims and what they carry")
    contract = impersonal(models.JSONField(), "what a system answers when all is well")
    leads_to = impersonal(
        ArrayField(models.CharField(max_length=400), size=8, default=list), "sites of a system"
    )
    organisation_ids = ArrayField(models.UUIDField(), size=500, default=list)
    """Who sees it; empty: everybody who sees patients."""
    app = impersonal(
        models.CharField(max_length=60, blank=True, db_default="", default=""), "names an app"
    )
    """As the desk registered it (`registry/grants`); empty where the other side is no app."""
    opens = impersonal(
        models.CharField(max_length=400, blank=True, db_default="", default=""),
        "an address of an app",
    )
    sealed_key = models.BinaryField(null=True)
    """The private key that its tokens are signed with, PKCS8. Sealed, bound to this row."""
    key_id = impersonal(models.CharField(max_length=20, blank=True, default=""), "names a key")
    public_key = impersonal(models.TextField(blank=True, default=""), "a public key")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    live_at = models.DateTimeField(null=True)
    walked_at = models.DateTimeField(null=True)
    walk_code = impersonal(
        models.CharField(max_length=40, blank=True, default=""), "a code of ours; empty: it passed"
    )
    walk_values = impersonal(models.JSONField(default=dict), "figures and names of a walk")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="launches_version_number"),
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(state=State.LIVE.value),
                name="launches_one_version_is_live",
            ),
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(state=State.PROPOSED.value),
                name="launches_one_version_is_proposed",
            ),
            models.CheckConstraint(
                name="launches_signed_has_a_key",
                condition=~Q(kind=TargetKind.SIGNED.value) | Q(sealed_key__isnull=False),
            ),
            models.CheckConstraint(
                name="launches_app_is_named",
                condition=Q(app="", kind__in=sorted(one.value for one in set(TargetKind) - BY_APP))
                | (Q(kind__in=sorted(one.value for one in BY_APP)) & ~Q(app="")),
            ),
            models.CheckConstraint(
                name="launches_live_was_walked",
                condition=~Q(state=State.LIVE.value) | Q(walked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Hour(models.Model):
    """How often one organisation clicked through to one target in one hour. Kept 35 days."""

    id = models.BigAutoField(primary_key=True)
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "organisation", "hour"], name="launches_one_count_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
