"""Memberships and invitations."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from standvast.kit.ids import uuid7
from standvast.registry.access.rules import Role
from standvast.registry.access.ruling.models import (
    AccessRequest,
    PersonalRule,
    Ruleset,
    Running,
    ShadowDifference,
    ShadowReport,
)
from standvast.registry.organisations.api import Organisation
from standvast.registry.people.api import Person
from standvast.registry.personal.api import Kind, Scrub, personal

__all__ = [
    "AccessRequest",
    "Invitation",
    "Membership",
    "PersonalRule",
    "Ruleset",
    "Running",
    "ShadowDifference",
    "ShadowReport",
]
ROLE_CHOICES = [(role.value, role.value) for role in Role]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Ways to ask for memberships."""

    def of_organisation(self, organisation_id: uuid.UUID) -> "MembershipQuerySet":
        """Only those of one organisation."""
        return self.filter(organisation_id=organisation_id)

    def of_person(self, person_id: uuid.UUID) -> "MembershipQuerySet":
        """Only one person's."""
        return self.filter(person_id=person_id)

    def held_at(self, now: datetime) -> "MembershipQuerySet":
        """Only those open at this instant."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=now), held_from__lte=now)


class Membership(models.Model):
    """A person works for an organisation in a role, from and until an instant (half open)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=ROLE_CHOICES)
    held_from = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(held_until=None),
                name="access_one_open_role",
            ),
            models.CheckConstraint(
                name="access_period_forward",
                condition=Q(held_until=None) | Q(held_until__gte=F("held_from")),
            ),
            models.CheckConstraint(
                name="access_role_known", condition=Q(role__in=[role.value for role in Role])
            ),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Ways to ask for invitations."""

    def of_organisation(self, organisation_id: uuid.UUID) -> "InvitationQuerySet":
        """Only those of one organisation."""
        return self.filter(organisation_id=organisation_id)

    def open_at(self, now: datetime) -> "InvitationQuerySet":
        """Only those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """Somebody is asked to join an organisation; the mail carries the token, we keep its digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    email = personal(models.EmailField(max_length=254), Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    role = models.CharField(max_length=16, choices=ROLE_CHOICES)
    language = models.CharField(max_length=2, choices=[(code, code) for code in ("nl", "fr", "en")])
    token_digest = personal(
        models.CharField(max_length=64, unique=True), Kind.CREDENTIAL, Scrub.UNUSABLE
    )
    invited_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="access_one_open_invitation",
            ),
            models.CheckConstraint(
                name="access_invitation_ends_once",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
        ]
