"""Chain care: who is in a programme, and what was done in it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import ACTIVITIES, PROGRAMMES, Origin
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


def programme() -> "models.CharField[str, str]":
    """Return a column that names a programme."""
    return models.CharField(max_length=8, choices=[(code, code) for code in PROGRAMMES])


def _origin() -> "models.CharField[str, str]":
    return models.CharField(
        max_length=8,
        choices=[(origin.value, origin.value) for origin in Origin],
        default=Origin.HERE.value,
    )


class Enrolment(models.Model):
    """A patient of an organisation is in a programme, from a day until another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient_id = models.UUIDField()
    programme = programme()
    from_on = personal(models.DateField(), Kind.HEALTH, Scrub.ROW)
    until_on = personal(models.DateField(null=True), Kind.HEALTH, Scrub.ROW)
    """The first day on which the patient is not in it any more."""
    main = models.CharField(
        max_length=10,
        choices=[(main.value, main.value) for main in Main],
        default=Main.HERE.value,
    )
    practitioner_id = models.UUIDField(null=True)
    """The colleague who is main practitioner, when that is somebody here."""
    origin = _origin()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "patient_id", "programme", "from_on"],
                name="insurance_enrolled_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["organisation", "patient_id", "programme"],
                condition=Q(until_on__isnull=True),
                name="insurance_enrolled_once_at_a_time",
            ),
            models.CheckConstraint(
                name="insurance_enrolled_forwards",
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
            ),
            models.CheckConstraint(
                name="insurance_practitioner_is_here",
                condition=Q(practitioner_id__isnull=True) | Q(main="here"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "programme", "from_on"], name="insurance_enrolled_in"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Activity(models.Model):
    """Something that was done for a patient in a programme on a day; a repeat is the same one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    patient_id = models.UUIDField()
    programme = programme()
    code = models.CharField(max_length=8, choices=[(code, code) for code in ACTIVITIES])
    done_on = personal(models.DateField(), Kind.HEALTH, Scrub.ROW)
    person_id = models.UUIDField(null=True)
    """The colleague who did it, when that is somebody here."""
    partner = impersonal(
        models.CharField(max_length=8, blank=True, default=""),
        "the AGB number of a chain partner, from a public register",
    )
    origin = _origin()
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    """Recorded by mistake: it counts for nothing."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "patient_id", "programme", "code", "done_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="insurance_done_once_a_day",
            ),
            models.CheckConstraint(
                name="insurance_partner_well_formed",
                condition=Q(partner="") | Q(partner__regex=r"^[0-9]{8}$"),
            ),
            models.CheckConstraint(
                name="insurance_imported_has_a_partner",
                condition=Q(origin="here", partner="") | Q(origin="imported"),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "programme", "done_on"], name="insurance_done_in"),
        ]

    def __str__(self) -> str:
        return str(self.id)
