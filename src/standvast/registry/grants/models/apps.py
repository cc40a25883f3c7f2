"""Apps of others, which organisations use them, and what they signed to prove who they are."""

from django.db import models
from django.db.models.functions import Now

from standvast.kit.ids import uuid7
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import impersonal

PROOFS = [(proof.value, proof.value) for proof in Proof]


class App(models.Model):
    """An app that may ask people for a grant. Lists are JSON lists of text, scopes one text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = impersonal(models.CharField(max_length=60, unique=True), "names an app")
    title = impersonal(models.CharField(max_length=80), "the name of a product")
    supplier = impersonal(models.CharField(max_length=80), "the name of a supplier")
    telephone = impersonal(
        models.CharField(max_length=24, blank=True, default=""), "the supplier's service desk"
    )
    proof = models.CharField(max_length=24, choices=PROOFS)
    secret_digest = impersonal(
        models.CharField(max_length=64, blank=True, default=""), "a digest of an app's secret"
    )
    public_keys = impersonal(models.JSONField(default=list), "public keys of an app")
    redirects = impersonal(models.JSONField(default=list), "addresses of an app")
    launch_url = impersonal(
        models.CharField(max_length=300, blank=True, default=""), "an address of an app"
    )
    """Where a launch from a patient's page begins; empty for an app that is started elsewhere."""
    scopes = impersonal(models.CharField(max_length=2_000), "what the app may ask for")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grants_proof_is_there",
                condition=models.Q(proof=Proof.NONE.value, secret_digest="", public_keys=[])
                | (models.Q(proof=Proof.SECRET.value, public_keys=[]) & ~models.Q(secret_digest=""))
                | (models.Q(proof=Proof.KEY.value, secret_digest="") & ~models.Q(public_keys=[])),
            ),
            models.CheckConstraint(
                name="grants_address_is_there", condition=~models.Q(redirects=[])
            ),
        ]

    def __str__(self) -> str:
        return self.client_id


class AppUse(models.Model):
    """An organisation uses an app: only there can people let it in."""

    id = models.BigAutoField(primary_key=True)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="uses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "organisation"], name="grants_used_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Assertion(models.Model):
    """What an app signed to prove who it is: it counts once. Forgotten when it would not count."""

    id = models.BigAutoField(primary_key=True)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="+")
    digest = impersonal(models.CharField(max_length=64), "a digest of a token's own number")
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "digest"], name="grants_assertion_counts_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
