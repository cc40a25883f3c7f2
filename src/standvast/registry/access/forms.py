"""Shape of what people hand in about access."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from standvast.registry.access.rules import ROLE_TITLES, Role
from standvast.registry.people.api import Person


class InviteForm(forms.Form):
    """Who is invited, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(one.value, _(ROLE_TITLES[one])) for one in roles]


class JoinForm(forms.Form):
    """The name and password that a new person chooses."""

    display_name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your colleagues know you."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    username = forms.CharField(
        label=_("User name"),
        help_text=_("Something short, or your e-mail address. You can sign in with either."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A sentence is easier to keep than a word."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("The password once more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords and ask the rules about the first."""
        found = super().clean() or {}
        password = found.get("password")
        if password and password != found.get("password_again"):
            self.add_error("password_again", _("The two passwords differ."))
        elif password:
            somebody = Person(
                username=found.get("username", ""),
                email=self._email,
                display_name=found.get("display_name", ""),
            )
            try:
                validate_password(password, somebody)
            except forms.ValidationError as wrong:
                self.add_error("password", wrong)
        return found


class OrganisationForm(forms.Form):
    """Which organisation."""

    organisation = forms.UUIDField()


class HelpSearchForm(forms.Form):
    """Whom the office looks for; handed in by POST, so that no name stands in an address."""

    text = forms.CharField(label=_("Name, town, postcode or AGB number"), max_length=80)
