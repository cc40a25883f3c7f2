"""One row per certificate that was handed in."""

from django.db import models
from django.db.models import Q

from standvast.core.certificates.rules.slots import Slot
from standvast.kit.ids import uuid7


class Certificate(models.Model):
    """A certificate with its chain, its sealed key while it may be used, and the last look."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=60)
    slot = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Slot])
    chain = models.TextField()
    sealed_key = models.BinaryField()
    """Empty once it is retired: what is not used any more cannot be stolen."""
    key_id = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    handed_in_by = models.UUIDField(null=True)
    handed_in_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    """When it came into its slot."""
    checks = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)
    """When the peer was last shown it, or that was tried."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "slot"],
                condition=~Q(slot=Slot.RETIRED.value),
                name="certificates_one_per_slot",
            ),
            models.CheckConstraint(
                name="certificates_key_until_retired",
                condition=Q(slot=Slot.RETIRED.value, sealed_key=b"")
                | (~Q(slot=Slot.RETIRED.value) & ~Q(sealed_key=b"")),
            ),
            models.CheckConstraint(
                name="certificates_fingerprint_well_formed",
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        indexes = [models.Index(fields=["purpose", "-handed_in_at"], name="certificates_latest")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.slot} {self.fingerprint[:12]}"
