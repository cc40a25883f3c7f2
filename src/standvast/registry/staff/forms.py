"""Shape of what people hand in about the staff."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.registry.access.api import ROLE_TITLES, Role
from standvast.registry.staff.rules import FUNCTION_TITLES, REASON_MAX, WEEK, Days, Function


class AskForm(forms.Form):
    """For whom an account is asked."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    mobile = forms.CharField(
        label=_("Mobile number"),
        help_text=_("So that whoever invites can call, and be sure whom they let in."),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(one.value, _(ROLE_TITLES[one])) for one in roles]


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Why not"), max_length=REASON_MAX)


class ProfileForm(forms.Form):
    """What somebody does, and on which days."""

    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        help_text=_("At most three. They tell colleagues what you do, and give no right."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    workdays = forms.MultipleChoiceField(
        label=_("Working days"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        functions, workdays = self.fields["functions"], self.fields["workdays"]
        assert isinstance(functions, forms.MultipleChoiceField)
        assert isinstance(workdays, forms.MultipleChoiceField)
        functions.choices = [(one.value, _(title)) for one, title in FUNCTION_TITLES.items()]
        workdays.choices = [(str(day), _(title)) for day, title in enumerate(WEEK)]

    def chosen(self) -> tuple[list[Function], list[int]]:
        """Return functions and days, once valid."""
        data = self.cleaned_data
        return [Function(one) for one in data["functions"]], [int(one) for one in data["workdays"]]


class AbsenceForm(forms.Form):
    """From a day until another, both included."""

    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def days(self) -> Days:
        """Return the days, once valid."""
        return Days(self.cleaned_data["from_on"], self.cleaned_data["until_on"])
