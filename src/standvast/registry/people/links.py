"""Addresses that travel by mail."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from standvast.registry.people.models import Person


def reset_link(person: Person) -> str:
    """Return the address where this person chooses a new password: 30 minutes, once.

    It hangs on the password and on the last sign-in, so it ends when either changes. The host is
    the installation's, never what the browser said.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )
    return settings.ADDRESS.rstrip("/") + path
