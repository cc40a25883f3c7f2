"""What the desk fills in about releases. Shape only; the operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.desk.releases.models import DIGEST_CHARS, NOTE_MAX
from standvast.desk.releases.rules.road import Place
from standvast.desk.releases.rules.states import HotfixFor

HOTFIX_TITLES = [
    ("", _("Nothing: it is a release")),
    (HotfixFor.CRITICAL.value, _("A critical incident")),
    (HotfixFor.MAJOR.value, _("A major incident")),
    (HotfixFor.MINOR.value, _("A minor incident")),
]


class Moment(forms.DateTimeField):
    """A moment in local time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **options)


class NothingForm(forms.Form):
    """The act itself says it all."""


class PlanForm(forms.Form):
    """A build that will go to people."""

    version = forms.CharField(label=_("Version"), max_length=40)
    digest = forms.CharField(
        label=_("Digest"),
        help_text=_("What ./standvast release digest prints of the build."),
        min_length=DIGEST_CHARS,
        max_length=DIGEST_CHARS,
    )
    planned_at = Moment(label=_("Planned for"))
    hotfix_for = forms.ChoiceField(label=_("Hotfix for"), choices=HOTFIX_TITLES, required=False)
    incident_numbers = forms.CharField(
        label=_("Incidents"),
        help_text=_("Numbers, separated by commas: ST-2026-014, ST-2026-015."),
        max_length=400,
        required=False,
    )
    people_notice = forms.BooleanField(label=_("People will notice it"), required=False)
    announced_at = Moment(label=_("People were told"), required=False)
    is_infrastructure = forms.BooleanField(
        label=_("It changes the database or the infrastructure"), required=False
    )

    def clean_incident_numbers(self) -> list[str]:
        """Return the numbers one by one."""
        text = self.cleaned_data["incident_numbers"]
        return [number.strip()[:16] for number in text.split(",") if number.strip()]


class BuildForm(forms.Form):
    """The build changed."""

    digest = forms.CharField(
        label=_("Digest of the new build"), min_length=DIGEST_CHARS, max_length=DIGEST_CHARS
    )


class PlaceForm(forms.Form):
    """Where a build is tried before people meet it."""

    place = forms.TypedChoiceField(
        coerce=Place,
        choices=[(place.value, place.value) for place in (Place.TEST, Place.ACCEPTANCE)],
    )


class GlassForm(forms.Form):
    """Two people let it through against the rule."""

    first_name = forms.CharField(label=_("First name and family name"), max_length=80)
    second_name = forms.CharField(label=_("And of the second person"), max_length=80)
    reason = forms.CharField(
        label=_("Why it cannot wait"),
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OutsideForm(forms.Form):
    """A change that somebody else makes."""

    whose = forms.CharField(label=_("Whose change"), max_length=80)
    what = forms.CharField(
        label=_("What changes"), max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )
    at = Moment(label=_("When"))
    source = forms.CharField(label=_("Where it was announced"), max_length=200)
