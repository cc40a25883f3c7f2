"""What an operator fills in: why, and who does it by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PauseForm(forms.Form):
    """Why a lane is paused."""

    why = forms.CharField(
        label=_("Why"),
        help_text=_("Colleagues read this, and it stays in the journal. No names of patients."),
        max_length=200,
    )


class HandOverForm(forms.Form):
    """Who does a delivery by hand, and why."""

    handed_to = forms.CharField(
        label=_("Who does it by hand"), help_text=_("A colleague or a team."), max_length=120
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("Stays in the journal. No names of patients."),
        max_length=200,
    )
