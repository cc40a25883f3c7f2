"""Shape of what the order desk's pages take in. No saving."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.care.campaigns import rules

INSTANT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

SEASON_GROUPS = (
    (_("When"), ("programme", "year", "doors_at", "opens_at", "closes_at", "has_lobby")),
    (_("What is delivered"), ("first_on", "days_count", "doses_per_day", "addresses_per_day")),
    (
        _("What one may order"),
        ("step", "ceiling_percent", "practice_doses_max", "care_doses_max"),
    ),
    (_("How long one may think"), ("hold_s", "change_working_days_min")),
)


class ChangeForm(forms.Form):
    """Another day or quantity for an order."""

    on = forms.DateField(label=_("Delivery day"))
    doses = forms.IntegerField(label=_("Doses"), min_value=-(2**31), max_value=2**31 - 1)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class CancelForm(forms.Form):
    """The version that the person looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class SeasonForm(forms.Form):
    """A new season, as the programme office fills it in."""

    programme = forms.ChoiceField(
        label=_("Programme"),
        choices=[(value.value, _(rules.PROGRAMME_TITLES[value])) for value in rules.Programme],
    )
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    doors_at = forms.DateTimeField(label=_("The lobby opens"), widget=INSTANT)
    opens_at = forms.DateTimeField(label=_("Ordering begins"), widget=INSTANT)
    closes_at = forms.DateTimeField(label=_("Ordering ends"), widget=INSTANT)
    first_on = forms.DateField(label=_("First delivery day"), widget=DATE)
    days_count = forms.IntegerField(
        label=_("Delivery days"),
        help_text=_("Working days from the first; holidays are left out."),
        min_value=1,
        max_value=rules.DAYS_PER_SEASON_MAX,
        initial=40,
    )
    doses_per_day = forms.IntegerField(
        label=_("Doses per day"), min_value=1, max_value=10_000_000, initial=75_000
    )
    addresses_per_day = forms.IntegerField(
        label=_("Addresses per day"), min_value=1, max_value=100_000, initial=125
    )
    step = forms.IntegerField(
        label=_("Ordered in steps of"), min_value=1, max_value=1_000, initial=rules.STEP_DEFAULT
    )
    hold_s = forms.IntegerField(
        label=_("Seconds that a place is held"),
        min_value=rules.HOLD_S_MIN,
        max_value=rules.HOLD_S_MAX,
        initial=rules.HOLD_S_DEFAULT,
    )
    change_working_days_min = forms.IntegerField(
        label=_("Working days before delivery until which one may change"),
        min_value=0,
        max_value=60,
        initial=rules.CHANGE_WORKING_DAYS_MIN,
    )
    ceiling_percent = forms.IntegerField(
        label=_("Ceiling, in percent of last year"),
        help_text=_("Only in a scarce year."),
        min_value=1,
        max_value=1_000,
        required=False,
    )
    practice_doses_max = forms.IntegerField(
        label=_("Most doses for a practice"), min_value=1, max_value=rules.DOSES_MAX, initial=5_000
    )
    care_doses_max = forms.IntegerField(
        label=_("Most doses for a care organisation"),
        min_value=1,
        max_value=rules.DOSES_MAX,
        initial=2_000,
    )
    has_lobby = forms.BooleanField(
        label=_("Let people wait in the lobby and come in one by one"),
        required=False,
        initial=True,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse instants that do not follow each other."""
        found = super().clean() or {}
        doors, opens, closes = (found.get(name) for name in ("doors_at", "opens_at", "closes_at"))
        if doors and opens and doors > opens:
            self.add_error("doors_at", _("The lobby opens before ordering begins."))
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("Ordering ends after it begins."))
        for name in ("doors_at", "opens_at", "closes_at"):
            if found.get(name):
                found[name] = found[name].astimezone(UTC)
        return found

    @property
    def groups(self) -> Sequence[tuple[str, Sequence[forms.BoundField]]]:
        """The fields as the page shows them: what belongs together under one heading."""
        return [
            (str(title), [self[name] for name in names if name in self.fields])
            for title, names in SEASON_GROUPS
        ]


class ChangeSeasonForm(SeasonForm):
    """A planned season anew; programme and year are what it is."""

    programme = None  # type: ignore[assignment]
    year = None  # type: ignore[assignment]


class DayForm(forms.Form):
    """The capacities of one day."""

    doses_max = forms.IntegerField(label=_("Doses"), min_value=0, max_value=10_000_000)
    addresses_max = forms.IntegerField(label=_("Addresses"), min_value=0, max_value=100_000)
    is_closed = forms.BooleanField(
        label=_("Closed to new orders"),
        help_text=_("Orders that stand are delivered."),
        required=False,
    )
