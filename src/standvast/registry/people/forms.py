"""Shape of what people hand in about their account."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from standvast.database.api import database_now
from standvast.registry.people.adapters import address_of
from standvast.registry.people.models import Person
from standvast.registry.people.operations import ask_reset, refuse_second_step
from standvast.registry.people.rules import USERNAME_MAX

PASSWORD_MAX = 128


class OurWords(forms.Form):
    """Labels and hints in our words, no placeholders, every text bounded."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.words.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = hint
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
                field.max_length = field.max_length or PASSWORD_MAX
                field.widget.attrs["maxlength"] = str(field.max_length)


_NEW = (_("New password"), _("At least 12 characters. A sentence is easier to keep than a word."))
_AGAIN = (_("The new password once more"), "")


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]
    """User name or e-mail address, and password."""

    words = {
        "login": (_("User name or e-mail address"), ""),
        "password": (_("Password"), ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        assert isinstance(login, forms.CharField)
        login.max_length = USERNAME_MAX
        login.widget.attrs |= {
            "autocomplete": "username webauthn",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": str(USERNAME_MAX),
        }


class ResetPasswordForm(OurWords):
    """One field for both kinds of login name; allauth's knows e-mail addresses only.

    The field is called `email` because allauth's view counts tries under that name.
    """

    email = forms.CharField(
        label=_("User name or e-mail address"),
        max_length=USERNAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def save(self, request: HttpRequest, **_: Any) -> str:
        """Ask for a reset; the answer is the same for known and unknown names."""
        from standvast.registry.people.links import reset_link

        login_name = str(self.cleaned_data["email"])
        ask_reset(
            login_name=login_name,
            link_of=reset_link,
            address=address_of(request),
            now=database_now(),
        )
        return login_name


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, after the link in the mail."""

    words = {"password1": _NEW, "password2": _AGAIN}

    def save(self) -> None:
        super().save()
        person = self.user
        assert isinstance(person, Person)
        adapter = get_adapter()
        adapter.forgive(adapter.request, person)


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """A new password, by somebody who knows the present one."""

    words = {
        "oldpassword": (_("Present password"), ""),
        "password1": _NEW,
        "password2": _AGAIN,
    }


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    """A first password, by somebody who came in without one."""

    words = {"password1": _NEW, "password2": _AGAIN}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """The present password, before something that matters."""

    words = {"password": (_("Password"), "")}


_CODE = (_("Code"), _("Six digits from your app, or one of your recovery codes."))


class AuthenticateForm(OurWords, second_step.AuthenticateForm):  # type: ignore[misc]
    """The second step at sign-in; a wrong code is told in the journal."""

    words = {"code": _CODE}

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except forms.ValidationError:
            adapter = get_adapter()
            refuse_second_step(
                person=self.user, address=address_of(adapter.request), now=database_now()
            )
            raise


class ReauthenticateCodeForm(OurWords, second_step.ReauthenticateForm):  # type: ignore[misc]
    """The second step, before something that matters."""

    words = {"code": _CODE}


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    words = {"code": (_("Code"), _("The six digits that your app shows now."))}


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey or security key."""

    words = {
        "name": (_("Name"), _("So that you can tell your keys apart.")),
        "passwordless": (
            _("Sign in with this key alone"),
            _("The key then asks for your finger, face or PIN, and no password is needed."),
        ),
    }


class EditPasskeyForm(OurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    words = {"name": (_("Name"), _("So that you can tell your keys apart."))}
