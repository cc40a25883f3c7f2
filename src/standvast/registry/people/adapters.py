"""How allauth meets this house: its hooks, filled. No signals (ADR 0007)."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from standvast.database.api import database_now, wake
from standvast.registry.people import devices, secrets
from standvast.registry.people.account_journal import note
from standvast.registry.people.models import Person
from standvast.registry.people.operations import SESSIONS_CHANNEL, end_session, set_password
from standvast.registry.people.queries import person_by_login_name

_MISMATCH = _("This name and password do not belong together. Check both, or ask a new password.")
_SENTENCES = {
    "email_password_mismatch": _MISMATCH,
    "username_password_mismatch": _MISMATCH,
    "invalid_login": _MISMATCH,
    "incorrect_password": _("This is not your password."),
    "account_inactive": _("This account is closed. Ask a colleague who manages your staff."),
    "too_many_login_attempts": _(
        "Ten times a wrong password for this name. Wait five minutes, or ask a new password now; "
        "your colleagues can go on signing in."
    ),
    "rate_limited": _("Too many tries in a short time. Wait a minute and try again."),
    "invalid_password_reset": _(
        "This link has been used or is older than 30 minutes. Ask a new one."
    ),
    "enter_current_password": _("Type your present password."),
    "incorrect_code": _("This code is not right. Take the newest one from your app."),
}
_SAID = {
    "account/messages/password_changed.txt": _("Your password has been changed."),
    "account/messages/password_set.txt": _("Your password has been set."),
    "mfa/messages/totp_activated.txt": _("From now on we ask for a code from your app."),
    "mfa/messages/totp_deactivated.txt": _("We no longer ask for a code from your app."),
    "mfa/messages/recovery_codes_generated.txt": _("Your new recovery codes are ready."),
    "mfa/messages/webauthn_added.txt": _("Your passkey has been added."),
    "mfa/messages/webauthn_removed.txt": _("Your passkey has been removed."),
}


def address_of(request: HttpRequest | None) -> str:
    """Return the network address that a request came from, as the edge saw it."""
    return str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""


def login_name_in(credentials: Mapping[str, Any]) -> str:
    """Return the login name that somebody typed."""
    return str(credentials.get("email") or credentials.get("username") or "")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in and passwords. People are invited; nobody signs up by themselves."""

    error_messages = {**DefaultAccountAdapter.error_messages, **_SENTENCES}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The edge has put the peer's address there; forwarded headers are its business."""
        return address_of(request) or "127.0.0.1"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return devices.counter_of(request, login_name_in(credentials))

    def forgive(self, request: HttpRequest, person: Person) -> None:
        """Forget the wrong passwords for a person who has just chosen a new one."""
        for name in {person.username, person.email} - {""}:
            ratelimit.clear(
                request,
                app="allauth.account",
                action="login_failed",
                key=devices.counter_of(request, name),
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        name = login_name_in(credentials)
        with transaction.atomic(durable=True):
            note(
                "people.sign_in_refused",
                person=person_by_login_name(name),
                login_name=name,
                now=database_now(),
                outcome=4,
                address=address_of(request),
                is_proven=False,
            )

    def login(self, request: HttpRequest, user: Person) -> None:
        with transaction.atomic():
            super().login(request, user)
            note("people.signed_in", person=user, now=database_now(), address=address_of(request))

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, answer, user)
        return answer

    def logout(self, request: HttpRequest) -> None:
        person = request.user
        with transaction.atomic():
            super().logout(request)
            if isinstance(person, Person):
                wake(SESSIONS_CHANNEL, str(person.id))
                note(
                    "people.signed_out",
                    person=person,
                    now=database_now(),
                    address=address_of(request),
                )

    def set_password(self, user: Person, password: str) -> None:
        set_password(
            person_id=user.id,
            password=password,
            address=address_of(context.request),
            now=database_now(),
        )
        user.refresh_from_db(fields=["password"])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words; what we have no words for is left out."""
        said = message or _SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes and passkeys. Secrets are sealed at rest."""

    error_messages = {**DefaultMFAAdapter.error_messages, **_SENTENCES}

    def get_totp_issuer(self) -> str:
        return "Standvast"

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.opened(encrypted_text)


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Ending sessions, felt everywhere within a second and journaled."""

    def end_sessions(self, sessions: Any) -> None:
        for session in sessions:
            end_session(
                person_id=session.user_id,
                session_id=session.pk,
                address=address_of(context.request),
                now=database_now(),
            )
