"""Calls: somebody's word that something does not work."""

from django.db import models
from django.db.models import Q

from standvast.desk.incidents.models.incident import SLUG_MAX, VARIANT_MAX, Incident, choices
from standvast.desk.incidents.rules.texts import CALL_CHARS_MAX
from standvast.kit.ids import uuid7
from standvast.registry.organisations.api import Organisation
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

VIAS = ("app", "service_desk", "chain", "night_line", "phone", "mail", "log", "colleague")


class Call(models.Model):
    """One call. Who counts once is the organisation; without one, the contact address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="calls")
    via = models.CharField(max_length=14, choices=choices(VIAS))
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    person_id = models.UUIDField(null=True)
    contact = personal(
        models.CharField(max_length=120, blank=True, default=""),
        Kind.CONTACT,
        Scrub.EXAMPLE_ADDRESS,
    )
    component = impersonal(models.CharField(max_length=SLUG_MAX), "a slug of wiring")
    variant = impersonal(
        models.CharField(max_length=VARIANT_MAX, blank=True, default=""), "a slug of wiring"
    )
    text = personal(models.CharField(max_length=CALL_CHARS_MAX), Kind.FREE_TEXT, Scrub.EMPTY)
    language = models.CharField(max_length=2, default="nl", choices=choices(("nl", "fr", "en")))
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    tell_attempts_count = models.PositiveSmallIntegerField(default=0)
    still_broken = models.BooleanField(null=True)
    key = impersonal(
        models.CharField(max_length=64, null=True, unique=True), "idempotency key, random"
    )

    class Meta:
        indexes = [
            models.Index(fields=["incident", "received_at"], name="incidents_calls_in_order"),
            models.Index(fields=["-received_at"], name="incidents_calls_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="incidents_call_has_caller",
                condition=Q(organisation__isnull=False) | ~Q(contact="") | Q(via="log"),
            ),
            models.CheckConstraint(name="incidents_call_says_something", condition=~Q(text="")),
        ]

    @property
    def caller(self) -> str:
        """Who counts once."""
        if self.organisation_id is not None:
            return str(self.organisation_id)
        return self.contact.strip().casefold()
