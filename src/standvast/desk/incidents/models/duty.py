"""Who is on duty, who was paged, and who is called back."""

from django.db import models
from django.db.models import F, Q

from standvast.desk.incidents.models.incident import Incident, choices
from standvast.desk.incidents.rules.callbacks import Outcome
from standvast.kit.ids import uuid7
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal

DUTY_ROLES = ("first_line", "second_line", "product_owner")


class Duty(models.Model):
    """A person holds a role from one instant until another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(max_length=14, choices=choices(DUTY_ROLES))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    address = personal(models.EmailField(max_length=254), Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["role", "from_at"], name="incidents_duty_by_role")]
        constraints = [
            models.CheckConstraint(
                name="incidents_duty_has_length", condition=Q(until_at__gt=F("from_at"))
            ),
        ]


class Page(models.Model):
    """One page: due, then sent over lane `desk.page`, then seen; or dropped as not needed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="pages")
    role = models.CharField(max_length=14, choices=choices(DUTY_ROLES))
    why = models.CharField(
        max_length=20,
        choices=choices(
            (
                "declared",
                "raised",
                "not_acknowledged",
                "no_effect",
                "expired",
                "undertaking",
                "override",
            )
        ),
    )
    person_id = models.UUIDField(null=True)
    via = models.CharField(max_length=8, choices=choices(("mail",)), default="mail")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    unless_acknowledged = models.BooleanField(default=False)
    """Dropped when somebody acknowledges before it is due."""
    key = impersonal(models.CharField(max_length=80, unique=True), "number, reason, instant")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="incidents_pages_due",
            )
        ]


class Callback(models.Model):
    """One row of a round of calling back. A row done is followed, never undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="callbacks")
    round = models.PositiveSmallIntegerField()
    place = models.PositiveIntegerField()
    organisation_id = models.UUIDField()
    organisation_name = impersonal(models.CharField(max_length=120), "a public name")
    contact = personal(models.CharField(max_length=120), Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    language = models.CharField(max_length=2, choices=choices(("nl", "fr", "en")), default="nl")
    closes_at = models.DateTimeField(null=True)
    attempts = personal(models.JSONField(default=list), Kind.FREE_TEXT, Scrub.EMPTY)
    outcome = models.CharField(max_length=12, choices=choices(Outcome), blank=True, default="")
    done_at = models.DateTimeField(null=True)
    undertaking_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "round", "organisation_id"], name="incidents_callback_once"
            ),
        ]
