"""Shape of what people hand in about grants. Saves nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

SEARCH_CHARACTERS_MAX = 80
DECISIONS = [(word, word) for word in ("yes", "no")]


class DecisionForm(forms.Form):
    """Yes or no, and which patient it is about where the app asked for one."""

    decision = forms.ChoiceField(choices=DECISIONS, required=False)
    patient = forms.UUIDField(required=False)


class PickForm(forms.Form):
    """Whom to look up."""

    text = forms.CharField(
        label=_("Name, birth date or number"),
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class LaunchForm(forms.Form):
    """Which app is started about whom."""

    app = forms.UUIDField()
    patient = forms.UUIDField()


class TakeBackForm(forms.Form):
    """Which app is taken back what it got."""

    app = forms.UUIDField()
