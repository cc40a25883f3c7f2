"""Requests for accounts, and what colleagues say of their work."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from standvast.kit.ids import uuid7
from standvast.registry.access.api import ROLE_TITLES
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal
from standvast.registry.staff.rules import FUNCTIONS_MAX, REASON_MAX, State, seen_since

ROLES = [(role.value, role.value) for role in ROLE_TITLES]
STATES = [(state.value, state.value) for state in State]


class RequestQuerySet(models.QuerySet["Request"]):
    """Ways to ask for requests."""

    def of_organisation(self, organisation_id: uuid.UUID) -> "RequestQuerySet":
        """Only those of one organisation."""
        return self.filter(organisation_id=organisation_id)

    def seen_at(self, now: datetime) -> "RequestQuerySet":
        """Only those that are still seen."""
        return self.filter(asked_at__gte=seen_since(now))


class Request(models.Model):
    """Somebody asks for an account for a colleague; who manages the staff answers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = personal(models.CharField(max_length=120), Kind.NAME, Scrub.FAKE_NAME)
    email = personal(models.EmailField(max_length=254), Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    mobile = personal(models.CharField(max_length=16), Kind.CONTACT, Scrub.RANDOM)
    """Must be there: whoever invites can call, and be sure whom they let in."""
    role = models.CharField(max_length=16, choices=ROLES)
    state = models.CharField(max_length=9, choices=STATES, default=State.ASKED.value)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = personal(
        models.CharField(max_length=REASON_MAX, blank=True, default=""),
        Kind.FREE_TEXT,
        Scrub.EMPTY,
    )
    invitation_id = models.UUIDField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(state=State.ASKED.value),
                name="staff_asked_once",
            ),
            models.CheckConstraint(
                name="staff_answer_is_whole",
                condition=Q(state=State.ASKED.value, answered_at=None, answered_by=None)
                | (~Q(state=State.ASKED.value) & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="staff_has_a_mobile", condition=~Q(mobile="")),
            models.CheckConstraint(
                name="staff_invited_has_invitation",
                condition=~Q(state=State.INVITED.value) | Q(invitation_id__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="staff_request_newest")]


class Profile(models.Model):
    """What somebody does at an organisation, and on which days of the week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    functions = impersonal(
        ArrayField(models.CharField(max_length=24), default=list, blank=True), "a closed list"
    )
    workdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    """0 is Monday."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="staff_one_profile"),
            models.CheckConstraint(
                name="staff_three_functions", condition=Q(functions__len__lte=FUNCTIONS_MAX)
            ),
            models.CheckConstraint(
                name="staff_days_of_the_week",
                condition=Q(workdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
            ),
        ]


class Absence(models.Model):
    """Days on which somebody is not there, both included. Why is nobody's business here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    from_on = personal(models.DateField(), Kind.TRACE, Scrub.ROW)
    until_on = personal(models.DateField(), Kind.TRACE, Scrub.ROW)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_absence_forward", condition=Q(until_on__gte=F("from_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "person", "from_on"], name="staff_absence_of"),
            models.Index(fields=["until_on"], name="staff_absence_over"),
        ]
