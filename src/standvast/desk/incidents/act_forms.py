"""The small forms beside a row: one or two fields and a button."""

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.desk.incidents.forms import Moment, area
from standvast.desk.incidents.operations.paging import ROLE_TITLES
from standvast.desk.incidents.rules.callbacks import OUTCOME_TITLES

COUNT_MAX = 100_000_000


class NothingForm(forms.Form):
    """An act that needs no words."""


class UndertakingForm(forms.Form):
    """A next update, said aloud."""

    to = forms.CharField(label=_("Said to whom"), max_length=120)
    due_at = Moment(label=_("Before"))


class SettleForm(forms.Form):
    """How an undertaking was kept."""

    undertaking = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.CharField(label=_("How it was kept"), max_length=400)


class AttemptForm(forms.Form):
    """What a call came to."""

    callback = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[(o.value, _(title)) for o, title in OUTCOME_TITLES.items()]
    )


class TellForm(forms.Form):
    """What a caller said when told."""

    call = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Caller"),
        choices=[
            ("works", _("Told; it works")),
            ("broken", _("Told; still broken")),
            ("missed", _("Not reached")),
        ],
    )


class MoveCallForm(forms.Form):
    """A call that is about something else."""

    call = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.CharField(label=_("Belongs to"), max_length=16)


class MilestoneForm(forms.Form):
    """A step on the way back."""

    step = forms.CharField(label=_("Step"), max_length=120)
    at = Moment(label=_("Reached at"), required=False)
    needs_far_side = forms.BooleanField(label=_("The far side must confirm it"), required=False)
    confirmed_by = forms.CharField(label=_("Confirmed by"), max_length=120, required=False)


class RecoveryForm(forms.Form):
    """The catching-up of one lane."""

    lane = forms.CharField(label=_("Lane"), max_length=80)
    expected = forms.IntegerField(label=_("Expected in all"), min_value=0, max_value=COUNT_MAX)
    sent = forms.IntegerField(label=_("Sent so far"), min_value=0, max_value=COUNT_MAX)
    confirmed = forms.IntegerField(label=_("Confirmed so far"), min_value=0, max_value=COUNT_MAX)
    refused = forms.IntegerField(label=_("Refused so far"), min_value=0, max_value=COUNT_MAX)
    refused_owned = forms.IntegerField(
        label=_("Refused ones with an owner"), min_value=0, max_value=COUNT_MAX
    )


class HandlingForm(forms.Form):
    """Who resolves it, and how to see it again."""

    team = forms.CharField(label=_("Resolver team"), max_length=80, required=False)
    reproduction_path = forms.CharField(
        label=_("How to see the fault again"), max_length=2_000, widget=area(), required=False
    )


class WalkForm(forms.Form):
    """A part that a person walked."""

    variant = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)


class OtherForm(forms.Form):
    """Another incident, by its number."""

    number = forms.CharField(label=_("Incident"), max_length=16)


class MitigationEndForm(forms.Form):
    """A workaround to take away."""

    mitigation = forms.UUIDField(widget=forms.HiddenInput)


class WithoutReportForm(forms.Form):
    """Why no report follows."""

    reason = forms.CharField(label=_("Why no report follows"), max_length=400)


class DutyForm(forms.Form):
    """Who holds a role, from when until when."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role, _(title)) for role, title in ROLE_TITLES.items()]
    )
    person = forms.ChoiceField(label=_("Colleague"))
    address = forms.EmailField(label=_("Paged at"), max_length=254)
    from_at = Moment(label=_("From"))
    until_at = Moment(label=_("Until"))
