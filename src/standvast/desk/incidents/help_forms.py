"""What makes it bearable: a workaround, or a function closed with what people see instead."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standvast.desk.incidents.forms import area
from standvast.desk.status.api import FUNCTIONS
from standvast.kit.wiring import wired


class MitigationForm(forms.Form):
    """A workaround or another way around."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("workaround", _("Workaround")), ("reroute", _("Another way"))]
    )
    text = forms.CharField(label=_("What people do"), max_length=2_000, widget=area(2))
    covered_count = forms.IntegerField(
        label=_("Helped by it"), min_value=0, max_value=1_000_000, required=False
    )
    affected_count = forms.IntegerField(
        label=_("Affected in all"), min_value=0, max_value=1_000_000, required=False
    )
    rest_is_listed = forms.BooleanField(
        label=_("The others stand on the callback list"), required=False
    )
    owner = forms.CharField(label=_("Owner (a role)"), max_length=80, required=False)
    ends_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )


class ClosureForm(forms.Form):
    """A function to close, and what people see instead."""

    function = forms.ChoiceField(label=_("Function"))
    nl = forms.CharField(label=_("What people see, in Dutch"), max_length=400, widget=area(2))
    fr = forms.CharField(
        label=_("What people see, in French"), max_length=400, widget=area(2), required=False
    )
    en = forms.CharField(
        label=_("What people see, in English"), max_length=400, widget=area(2), required=False
    )
    reason = forms.CharField(label=_("Why"), max_length=200)
    owner = forms.CharField(label=_("Owner (a role)"), max_length=80)
    ends_on = forms.DateField(
        label=_("Looked at again on"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["function"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(found.slug, gettext(found.title)) for found in wired(FUNCTIONS)]
