"""What people gave to apps, the tokens that came of it, and launches on their way.

Of a code, a token and a launch only the SHA-256 is kept: each is 256 random bits, so nothing can be
found from it, and a copy of the table opens nothing.
"""

from django.db import models
from django.db.models.functions import Now

from standvast.kit.ids import uuid7
from standvast.registry.grants.models.apps import App
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

TOKEN_KINDS = [(kind, kind) for kind in ("access", "refresh")]


class Consent(models.Model):
    """What a person said yes to for an app, and need not be asked again. One patient is not it."""

    id = models.BigAutoField(primary_key=True)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scopes = impersonal(models.CharField(max_length=2_000), "what the app may ask for")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["app", "person", "organisation"], name="grants_one_consent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Grant(models.Model):
    """A person let an app in, for an organisation, perhaps for one patient. Ended once, for good.

    The code is its first key; every token that comes of it belongs to it and ends with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient_id = models.UUIDField(null=True)
    scopes = impersonal(models.CharField(max_length=2_000), "what the app may do")
    code_digest = impersonal(models.CharField(max_length=64, unique=True), "a digest")
    code_expires_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True)
    redirect_uri = impersonal(models.CharField(max_length=300), "an address of an app")
    challenge = impersonal(models.CharField(max_length=43), "a digest")
    nonce = impersonal(models.CharField(max_length=1_000, blank=True), "random, of an app")
    intent = impersonal(
        models.CharField(max_length=80, blank=True, db_default="", default=""), "a word of an app"
    )
    """What the launch that it came of was to open."""
    signed_in_at = models.DateTimeField()
    sworn = personal(models.CharField(max_length=64), Kind.CREDENTIAL, Scrub.UNUSABLE)
    """A digest that changes with the person's password: a new one ends what the old one gave."""
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_for = impersonal(models.CharField(max_length=40, blank=True, default=""), "a code")
    forget_at = models.DateTimeField(db_index=True)
    """When nothing that came of it can count any more."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grants_end_is_whole",
                condition=models.Q(ended_at=None, ended_for="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_for="")),
            ),
        ]
        indexes = [models.Index(fields=["person", "-given_at"], name="grants_of_person")]

    def __str__(self) -> str:
        return str(self.id)


class Token(models.Model):
    """What an app shows: for some minutes to read, or once to get the next."""

    id = models.BigAutoField(primary_key=True)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=8, choices=TOKEN_KINDS)
    digest = personal(models.CharField(max_length=64, unique=True), Kind.CREDENTIAL, Scrub.UNUSABLE)
    scopes = impersonal(models.CharField(max_length=2_000), "what the app may do")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grants_only_refresh_is_used",
                condition=models.Q(kind="refresh") | models.Q(used_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Launch(models.Model):
    """A click on a patient's page that is on its way to an app, for a minute and once."""

    id = models.BigAutoField(primary_key=True)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient_id = models.UUIDField()
    digest = impersonal(models.CharField(max_length=64, unique=True), "a digest")
    intent = impersonal(
        models.CharField(max_length=80, blank=True, db_default="", default=""), "a word of an app"
    )
    expires_at = models.DateTimeField(db_index=True)
    opened_at = models.DateTimeField(null=True)
    """When the app first asked with it; the person then has some minutes to answer."""
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class Tally(models.Model):
    """How often something was wrong within one window of time."""

    id = models.BigAutoField(primary_key=True)
    digest = impersonal(models.CharField(max_length=64), "a digest of an app and a network address")
    window_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "window_at"], name="grants_one_tally"),
        ]

    def __str__(self) -> str:
        return str(self.id)
