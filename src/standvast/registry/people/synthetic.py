"""The people as whom probes walk. They work nowhere: what they may do is nothing.

Their passwords and codes follow from the installation's secret, so that every watch knows them and
nobody else does.
"""

import base64
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from standvast.registry.people import secrets
from standvast.registry.people.models import Person
from standvast.registry.people.operations import register_person
from standvast.registry.people.queries import person_by_login_name

SALT = "standvast.registry.people.synthetic"
NAME = "Proefpersoon"
USER_NAME = "user-name"
EMAIL_ADDRESS = "e-mail address"
"""What somebody's login name is. Report 001: one of the two failed, for six days."""


@dataclass(frozen=True)
class Walker:
    """Somebody made up, with one kind of login name."""

    login_name: str
    email: str

    @property
    def password(self) -> str:
        """What it signs in with."""
        return salted_hmac(SALT, f"password {self.login_name}", algorithm="sha256").hexdigest()

    @property
    def code_secret(self) -> str:
        """What the codes of its second step follow from, as an app would hold it."""
        made = salted_hmac(SALT, f"code {self.login_name}", algorithm="sha1").digest()
        return base64.b32encode(made).decode()


def walker(walk: str, variant: str, number: int) -> Walker:
    """Return the walker of this number of one walk."""
    box, _, domain = settings.PROBE_MAIL.partition("@")
    kind = "name" if variant == USER_NAME else "mail"
    email = f"{box}+{walk}.{kind}.{number}@{domain}"
    return Walker(f"probe.{walk}.{number}" if variant == USER_NAME else email, email)


@transaction.atomic
def make_ready(who: Walker, *, has_second_step: bool = False) -> None:
    """Let a walker be there, with its present address, password and code."""
    person = person_by_login_name(who.login_name)
    if person is None:
        person = register_person(
            username=who.login_name,
            email=who.email,
            display_name=NAME,
            password=who.password,
            language="nl",
        )
    if person.email != who.email or not person.check_password(who.password):
        person.email, person.password = who.email, make_password(who.password)
        person.save(update_fields=["email", "password"])
    if has_second_step:
        _hold_code(person, who)


def _hold_code(person: Person, who: Walker) -> None:
    held = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if held is not None:
        try:
            if secrets.opened(held.data["secret"]) == who.code_secret:
                return
        except secrets.CannotOpen:
            pass
        held.delete()
    TOTP.activate(person, who.code_secret)
