"""The keys we sign identities with: their private halves sealed at rest."""

from django.db import models

from standvast.registry.personal.api import impersonal


class SigningKey(models.Model):
    """A pair of keys. Published from `made_at`, signs from `signs_from`, kept until `forget_at`."""

    kid = impersonal(models.CharField(primary_key=True, max_length=43), "a digest of a public key")
    sealed = impersonal(models.BinaryField(), "a key of the house, sealed")
    sealing_key = impersonal(models.CharField(max_length=20), "names a key of the installation")
    public = impersonal(models.JSONField(), "a public key")
    made_at = models.DateTimeField()
    signs_from = models.DateTimeField(unique=True)
    forget_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kid
