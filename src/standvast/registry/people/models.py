"""People: who signs in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from standvast.kit.ids import uuid7
from standvast.registry.people.rules import USERNAME_MAX, as_login_name
from standvast.registry.personal.api import Kind, Scrub, impersonal, personal


class PersonManager(BaseUserManager["Person"]):
    """Finds people by login name."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with this user name, however it was typed."""
        return self.get(username=as_login_name(username or ""))


class Person(AbstractBaseUser):
    """Somebody who signs in, with a user name or an e-mail address.

    Both are stored in small letters; a user name with an @ is the person's own e-mail address.
    There is no superuser: what a person may do is a membership with a role (`registry.access`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = personal(
        models.CharField(max_length=USERNAME_MAX, unique=True), Kind.IDENTIFIER, Scrub.RANDOM
    )
    email = personal(
        models.EmailField(max_length=254, blank=True, default=""),
        Kind.CONTACT,
        Scrub.EXAMPLE_ADDRESS,
    )
    display_name = personal(models.CharField(max_length=120), Kind.NAME, Scrub.FAKE_NAME)
    password = personal(models.CharField(max_length=128), Kind.CREDENTIAL, Scrub.UNUSABLE)
    language = models.CharField(
        max_length=2, choices=[(code, code) for code in ("nl", "fr", "en")], default="nl"
    )
    is_active = models.BooleanField(default=True)
    is_persona = models.BooleanField(default=False)
    """Made up for the demo; may be signed in with one click, in demo mode only."""
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="people_email_held_once"
            ),
            models.CheckConstraint(
                name="people_login_names_small",
                condition=Q(username=Lower("username"), email=Lower("email")),
            ),
            models.CheckConstraint(
                name="people_at_sign_is_own_email",
                condition=~Q(username__contains="@") | Q(username=F("email")),
            ),
            models.CheckConstraint(name="people_has_a_user_name", condition=~Q(username="")),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Return the name as colleagues know it."""
        return self.display_name


class AddressDoubt(models.Model):
    """A supplier doubts that mail reaches somebody. It is shown, and stops nothing."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    email = personal(models.EmailField(max_length=254), Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)
    """The address in doubt; once the person has another, the doubt is void."""
    reason = impersonal(
        models.CharField(max_length=40, blank=True, default=""), "the supplier's code"
    )
    doubted_at = models.DateTimeField()
