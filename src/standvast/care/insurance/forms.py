"""Shape of what people hand in about programmes and claims. Saves nothing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import ACTIVITIES, DONE_IN, PROGRAMMES
from standvast.care.insurance.rules.quarters import Quarter
from standvast.care.insurance.rules.tariffs import CENTS_MAX, products
from standvast.care.insurance.shown import quarter_said
from standvast.kit.words import marked

FILE_BYTES_MAX = 2 * 1024 * 1024
MAINS = {
    Main.HERE: marked("here"),
    Main.ELSEWHERE: marked("at another practice"),
    Main.NONE: marked("nobody"),
    Main.DOUBLE: marked("two practices"),
}


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


def _programme() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Programme"), choices=[(code, _(title)) for code, title in PROGRAMMES.items()]
    )


class PrepareForm(forms.Form):
    """Which quarter of which programme."""

    programme = _programme()
    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *given: Any, quarters: list[Quarter], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(quarter), capfirst(quarter_said(quarter))) for quarter in quarters]


class EnrolForm(forms.Form):
    """A patient comes into a programme."""

    programme = _programme()
    from_on = _day(_("From"))
    main = forms.ChoiceField(
        label=_("Main practitioner"),
        choices=[(main.value, _(said)) for main, said in MAINS.items()],
    )


class LeaveForm(forms.Form):
    """A patient leaves a programme."""

    enrolment = forms.UUIDField(widget=forms.HiddenInput)
    until_on = _day(_("Not in it any more from"))


class ActivityForm(forms.Form):
    """Something was done; only of programmes the patient is in."""

    what = forms.ChoiceField(label=_("What was done"))
    done_on = _day(_("On"))

    def __init__(self, *given: Any, programmes: tuple[str, ...], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (_(PROGRAMMES[one]), [(f"{one}.{code}", _(ACTIVITIES[code])) for code in DONE_IN[one]])
            for one in programmes
        ]


class DecideForm(forms.Form):
    """Whether the main practitioner of somebody is here."""

    enrolment = forms.UUIDField()
    main = forms.ChoiceField(choices=[(one.value, one.value) for one in Main], required=False)


class SubmitForm(forms.Form):
    """What the person saw."""

    lines_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**7)
    cents = forms.IntegerField(widget=forms.HiddenInput, min_value=-(10**12), max_value=10**12)
    after_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)


class TariffForm(forms.Form):
    """What is paid for something, from a day on."""

    what = forms.ChoiceField(label=_("For"))
    from_on = _day(_("From"))
    amount = forms.DecimalField(
        label=_("Amount in euro"),
        min_value=Decimal("0.01"),
        max_value=Decimal(CENTS_MAX) / 100,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                _(title),
                [
                    (f"{programme}.{code}", _(ACTIVITIES[code]) if code else _("the quarter"))
                    for programme, code in products()
                    if programme == one
                ],
            )
            for one, title in PROGRAMMES.items()
        ]

    @property
    def product(self) -> tuple[str, str]:
        """Programme and activity that a valid form names."""
        programme, _dot, code = str(self.cleaned_data["what"]).partition(".")
        return programme, code

    @property
    def cents(self) -> int:
        """The amount that a valid form names, in whole cents."""
        return int(self.cleaned_data["amount"] * 100)


class PartnerForm(forms.Form):
    """A chain partner's file."""

    file = forms.FileField(label=_("File of a chain partner"), max_length=200)

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        found = self.cleaned_data["file"]
        if found.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("This file is too large: at most 2 MiB."))
        return found
