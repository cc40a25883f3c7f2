"""What operators and practices fill in. Shape only; the operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standvast.core.health.api import COMPONENTS
from standvast.desk.incidents.models.calls import VIAS
from standvast.desk.incidents.operations.calling import VIA_TITLES
from standvast.desk.incidents.rules.entries import BY_HAND, EntryKind
from standvast.desk.incidents.rules.entries import TITLES as ENTRY_TITLES
from standvast.desk.incidents.rules.severity import SEVERITY_TITLES
from standvast.desk.incidents.rules.states import TITLES as STATE_TITLES
from standvast.desk.incidents.rules.states import State
from standvast.desk.incidents.rules.texts import CALL_CHARS_MAX, ENTRY_CHARS_MAX
from standvast.kit.wiring import wired

NO_NAMES = _("No names and nothing about patients.")
BY_RULE = "rule"


def area(rows: int = 3) -> forms.Textarea:
    """Return a text area of some lines."""
    return forms.Textarea(attrs={"rows": rows})


class Moment(forms.DateTimeField):
    """A moment in local time; empty means now."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **options)


def _components(*, internal: bool) -> list[tuple[str, str]]:
    """Return what to choose from; nothing is chosen beforehand, or the first would be by haste."""
    found = [
        (component.slug, gettext(component.title))
        for component in wired(COMPONENTS)
        if internal or component.audience == "external"
    ]
    return [("", gettext("Choose")), *sorted(found, key=lambda pair: pair[1])]


class CallForm(forms.Form):
    """A call as it comes in by telephone, mail or another way."""

    component = forms.ChoiceField(label=_("What does not work?"))
    variant = forms.CharField(
        label=_("Which part of it?"),
        help_text=_("For instance which link, or which way of signing in."),
        max_length=80,
        required=False,
    )
    text = forms.CharField(
        label=_("What happens?"), help_text=NO_NAMES, max_length=CALL_CHARS_MAX, widget=area()
    )
    via = forms.ChoiceField(
        label=_("Came in by"), choices=[(via, _(VIA_TITLES[via])) for via in VIAS], initial="phone"
    )
    organisation = forms.UUIDField(label=_("Organisation"), required=False)
    contact = forms.CharField(
        label=_("How to reach the caller"),
        help_text=_("A telephone number or address; needed when no organisation is chosen."),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["component"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _components(internal=True)


class ReportForm(forms.Form):
    """A problem, reported by whom it troubles."""

    component = forms.ChoiceField(label=_("What does not work?"))
    text = forms.CharField(
        label=_("What happens?"),
        help_text=_("What did you do, and what did you see? Nothing about patients, please."),
        max_length=CALL_CHARS_MAX,
        widget=area(5),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["component"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _components(internal=False)


class EntryForm(forms.Form):
    """A line for the timeline."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(k.value, _(ENTRY_TITLES[k])) for k in BY_HAND if k is not EntryKind.NEWS],
    )
    text = forms.CharField(
        label=_("What"), help_text=NO_NAMES, max_length=ENTRY_CHARS_MAX, widget=area()
    )
    at = Moment(label=_("When it happened"), required=False)
    pinned = forms.BooleanField(label=_("Belongs in the report"), required=False)


class NewsForm(forms.Form):
    """News for everybody it concerns, in one to three languages."""

    nl = forms.CharField(label=_("Dutch"), max_length=400, widget=area(2))
    fr = forms.CharField(label=_("French"), max_length=400, widget=area(2), required=False)
    en = forms.CharField(label=_("English"), max_length=400, widget=area(2), required=False)


class CauseForm(forms.Form):
    """Trigger, cause, and what should have caught it."""

    trigger = forms.CharField(label=_("Trigger"), max_length=2_000, widget=area(2))
    cause = forms.CharField(label=_("Cause"), max_length=2_000, widget=area(2))
    guard = forms.CharField(
        label=_("Which probe or gate should have caught it"),
        max_length=2_000,
        widget=area(2),
        required=False,
    )


class SeverityForm(forms.Form):
    """A severity by hand, or the rule's again."""

    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[
            *((severity.value, _(title)) for severity, title in SEVERITY_TITLES.items()),
            (BY_RULE, _("As the rule says")),
        ],
    )
    reason = forms.CharField(label=_("Why"), max_length=400, required=False)


class ScopeForm(forms.Form):
    """What the incident is about."""

    variants = forms.CharField(
        label=_("Parts"),
        help_text=_("Separated by commas; empty means the whole."),
        max_length=2_000,
        required=False,
    )
    used_percent = forms.FloatField(
        label=_("Used by how many percent of organisations in 30 days"),
        min_value=0,
        max_value=100,
        required=False,
    )
    reason = forms.CharField(label=_("Why"), max_length=400)


class MoveForm(forms.Form):
    """Another state."""

    target = forms.ChoiceField(
        label=_("New state"),
        choices=[
            (state.value, _(title))
            for state, title in STATE_TITLES.items()
            if state not in (State.REPORTED, State.MERGED)
        ],
    )
    reason = forms.CharField(
        label=_("Why"), max_length=ENTRY_CHARS_MAX, widget=area(2), required=False
    )
    at = Moment(label=_("When it happened"), required=False)
