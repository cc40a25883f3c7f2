"""What is known of coverage, per patient of an organisation, and every question with its answer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from standvast.care.insurance.rules.coverage import Path, Status
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


def _status() -> "models.CharField[str, str]":
    return models.CharField(
        max_length=12,
        choices=[(status.value, status.value) for status in Status],
        default=Status.UNKNOWN.value,
    )


class Check(models.Model):
    """One question to the insurers, and what they said: evidence, never changed once answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient_id = models.UUIDField()
    on = personal(models.DateField(), Kind.HEALTH, Scrub.ROW)
    """The day the question is about."""
    message = models.ForeignKey(
        "Message", on_delete=models.SET_NULL, null=True, related_name="checks"
    )
    """With which others it was asked; null: alone."""
    path = models.CharField(max_length=16, choices=[(path.value, path.value) for path in Path])
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    found = impersonal(
        models.CharField(max_length=60, blank=True, default=""), "a value of the answer's own list"
    )
    person = impersonal(
        models.CharField(max_length=60, blank=True, default=""), "a value of the answer's own list"
    )
    status = _status()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="insurance_answer_is_whole",
                condition=Q(answered_at__isnull=True, found="", person="", status="unknown")
                | (Q(answered_at__isnull=False) & ~Q(found="")),
            ),
        ]
        indexes = [
            models.Index(fields=["patient_id", "-asked_at"], name="insurance_checks_of_one"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def delivery_key(self) -> str:
        """The key of the delivery that asks it."""
        return str(self.message_id or self.id)


class Coverage(models.Model):
    """How somebody's insurance stands: the last answer, and the question under way."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient_id = models.UUIDField()
    status = _status()
    code = impersonal(
        models.CharField(max_length=24, blank=True, default=""), "a key of rules.coverage.SAID"
    )
    answered_at = models.DateTimeField(null=True)
    answered_on = personal(models.DateField(null=True), Kind.HEALTH, Scrub.EMPTY)
    """The day that the answer is about."""
    insurer = impersonal(
        models.CharField(max_length=4, blank=True, default=""), "the number of an insurer"
    )
    insured_number = personal(
        models.CharField(max_length=20, blank=True, default=""), Kind.IDENTIFIER, Scrub.EMPTY
    )
    package = personal(
        models.CharField(max_length=80, blank=True, default=""), Kind.HEALTH, Scrub.EMPTY
    )
    from_on = personal(models.DateField(null=True), Kind.HEALTH, Scrub.EMPTY)
    until_on = personal(models.DateField(null=True), Kind.HEALTH, Scrub.EMPTY)
    check_under_way = models.OneToOneField(
        Check, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True)
    """When the question under way was asked, or the last one."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "patient_id"], name="insurance_one_per_patient"
            ),
            models.CheckConstraint(
                name="insurance_known_has_an_answer",
                condition=Q(status="unknown")
                | Q(answered_at__isnull=False, answered_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
