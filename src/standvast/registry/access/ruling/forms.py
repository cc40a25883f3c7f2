"""Shape of what people hand in about rules; the operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.registry.access.rules import GRANT_TITLES, Grant
from standvast.registry.access.ruling.question import PURPOSE_TITLES, Holding
from standvast.registry.access.ruling.rules import TEXT_MAX, WHY_MAX


class Moment(forms.DateTimeField):
    """A moment in local time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **options)


class ProposeForm(forms.Form):
    """A text of policies, and why."""

    text = forms.CharField(
        label=_("Policies"),
        help_text=_(
            'In Cedar. Each says @id("name") and @sentence("what it is for"); it is laid on top of'
            " what the modules declare."
        ),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    why = forms.CharField(
        label=_("Why it changes"), max_length=WHY_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_text(self) -> str:
        """Return the text with the line ends that lines are counted by."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class ExceptForm(forms.Form):
    """Somebody keeps a right until a moment."""

    person_id = forms.UUIDField(widget=forms.HiddenInput)
    organisation_id = forms.UUIDField(widget=forms.HiddenInput)
    right = forms.CharField(max_length=80, widget=forms.HiddenInput)
    until_at = Moment(label=_("Until"))
    why = forms.CharField(label=_("Why"), max_length=WHY_MAX)


class ExceptAllForm(forms.Form):
    """Everybody who would lose something keeps it until a moment."""

    until_at = Moment(label=_("Until"))
    why = forms.CharField(label=_("Why"), max_length=WHY_MAX)


class GrantForm(forms.Form):
    """What a colleague is given, or not."""

    person_id = forms.UUIDField(widget=forms.HiddenInput)
    grant = forms.ChoiceField(choices=[(one.value, GRANT_TITLES[one]) for one in Grant])
    holding = forms.ChoiceField(
        choices=[("", ""), (Holding.GIVEN.value, ""), (Holding.WITHHELD.value, "")], required=False
    )


class AnswerForm(forms.Form):
    """Yes or no."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])


class AskForm(forms.Form):
    """Which right somebody asks for."""

    right = forms.CharField(max_length=80)


class GlassForm(forms.Form):
    """Why somebody takes a right in an emergency."""

    purpose = forms.ChoiceField(
        label=_("What it is for"),
        help_text=_("Patients who ask who looked at them are told this."),
        choices=[(one.value, _(title)) for one, title in PURPOSE_TITLES.items()],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("What is the emergency?"),
        help_text=_("Do not name a patient. A colleague reads it afterwards."),
        max_length=WHY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
