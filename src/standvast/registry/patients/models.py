"""Patients and their numbers, per organisation."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Country, Organisation
from standvast.registry.patients.rules import NameUse, Outcome, Sex, System
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


def _text(length: int, kind: Kind, scrub: Scrub = Scrub.EMPTY) -> "models.CharField[str, str]":
    return personal(models.CharField(max_length=length, blank=True, default=""), kind, scrub)


class PatientQuerySet(models.QuerySet["Patient"]):
    """Ways to ask for patients."""

    def of_organisation(self, organisation_id: uuid.UUID) -> "PatientQuerySet":
        """Only one's own."""
        return self.filter(organisation_id=organisation_id)

    def standing(self) -> "PatientQuerySet":
        """Only those that were not found to be another one."""
        return self.filter(merged_into__isnull=True)


class Patient(models.Model):
    """Somebody whom one organisation cares for. Another organisation has a row of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    family = personal(models.CharField(max_length=100), Kind.NAME, Scrub.FAKE_NAME)
    given = _text(80, Kind.NAME, Scrub.FAKE_NAME)
    initials = _text(20, Kind.NAME)
    prefix = _text(20, Kind.NAME)
    partner_family = _text(100, Kind.NAME)
    partner_prefix = _text(20, Kind.NAME)
    name_use = models.CharField(
        max_length=12,
        choices=[(use.value, use.value) for use in NameUse],
        default=NameUse.OWN.value,
    )
    birth_on = models.DateField()
    sex = models.CharField(
        max_length=8, choices=[(sex.value, sex.value) for sex in Sex], default=Sex.UNKNOWN.value
    )
    street = _text(120, Kind.PLACE)
    house_number = _text(12, Kind.PLACE)
    postcode = _text(8, Kind.PLACE)
    city = _text(80, Kind.PLACE)
    country = models.CharField(
        max_length=2, choices=[(one.value, one.value) for one in Country], default=Country.NL.value
    )
    email = _text(254, Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    telephone = _text(24, Kind.CONTACT)
    representative = _text(120, Kind.NAME)
    representative_telephone = _text(24, Kind.CONTACT)
    insurer = impersonal(
        models.CharField(max_length=4, blank=True, default=""), "the number of an insurer"
    )
    insured_number = _text(20, Kind.IDENTIFIER)
    search = personal(SearchVectorField(), Kind.NAME, Scrub.EMPTY)
    """Words of the name, the birth date and the organisation, for `sql/found.sql`."""
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="patients_has_a_name", condition=~Q(family="")),
            models.CheckConstraint(
                name="patients_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="patients_insurer_well_formed",
                condition=Q(insurer="") | Q(insurer__regex=r"^[0-9]{4}$"),
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search"],
                name="patients_by_words",
                condition=Q(merged_into__isnull=True),
                fastupdate=False,
            ),
            models.Index(fields=["organisation", "family", "given"], name="patients_by_name"),
            models.Index(
                fields=["organisation", "id"],
                condition=Q(merged_into__isnull=True),
                name="patients_one_by_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Identifier(models.Model):
    """A number of a patient. Stands here and nowhere else."""

    id = models.BigAutoField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(
        max_length=8, choices=[(system.value, system.value) for system in System]
    )
    value = personal(models.CharField(max_length=40), Kind.IDENTIFIER, Scrub.RANDOM)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "system", "value"], name="patients_number_names_one"
            ),
            models.UniqueConstraint(
                fields=["patient", "system"],
                condition=~Q(system=System.RECORD.value),
                name="patients_one_number_per_register",
            ),
            models.CheckConstraint(
                name="patients_number_well_formed",
                condition=Q(system="bsn", value__regex=r"^[0-9]{9}$")
                | Q(system="insz", value__regex=r"^[0-9]{11}$")
                | (Q(system="record") & ~Q(value="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} of {self.patient_id}"


class Import(models.Model):
    """A list of patients that somebody handed in. Says how many, never who."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    role = impersonal(models.CharField(max_length=20), "a role")
    rows_count = models.PositiveIntegerField()
    handed_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class ImportSlice(models.Model):
    """Rows of a list that wait to be registered, sealed; gone as soon as they are."""

    id = models.BigAutoField(primary_key=True)
    whole = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="slices")
    position = models.PositiveIntegerField()
    key_id = impersonal(models.CharField(max_length=20), "the id of a sealing key")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "position"], name="patients_one_slice_each")
        ]

    def __str__(self) -> str:
        return f"{self.whole_id} {self.position}"


class ImportLine(models.Model):
    """What became of one row of a list: its line, never what stood on it."""

    id = models.BigAutoField(primary_key=True)
    whole = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Outcome])
    reason = impersonal(models.CharField(max_length=200, blank=True), "a sentence of ours")
    place = impersonal(
        models.CharField(max_length=60, blank=True, default="", db_default=""),
        "the path of an element",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "line"], name="patients_one_result_a_line")
        ]

    def __str__(self) -> str:
        return f"{self.whole_id} {self.line}"
