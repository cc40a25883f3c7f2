"""Shape of what people hand in about patients. Saves nothing."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from standvast.kit.words import marked
from standvast.registry.organisations.api import Country
from standvast.registry.patients.operations.registering import PatientData
from standvast.registry.patients.rules import (
    SEARCH_CHARACTERS_MAX,
    Name,
    NameUse,
    Outcome,
    Sex,
    System,
)
from standvast.registry.patients.views import PatientView

SEXES = {
    Sex.UNKNOWN: marked("not known"),
    Sex.FEMALE: marked("woman"),
    Sex.MALE: marked("man"),
    Sex.OTHER: marked("other"),
}
USES = {
    NameUse.OWN: marked("own name"),
    NameUse.PARTNER: marked("partner's name"),
    NameUse.PARTNER_OWN: marked("partner's name, then own"),
    NameUse.OWN_PARTNER: marked("own name, then partner's"),
}
SYSTEMS = {
    System.BSN: marked("BSN"),
    System.INSZ: marked("National register number"),
    System.RECORD: marked("Number in the record system"),
}
SYSTEMS_ELSEWHERE = {"nl": (System.INSZ,), "be": (System.BSN,)}
"""Numbers that a practice in this region does not ask for."""
OUTCOMES = {
    Outcome.REGISTERED: marked("registered"),
    Outcome.KNOWN: marked("known already"),
    Outcome.REFUSED: marked("refused"),
}
REPORT_COLUMNS = (marked("Line"), marked("Result"), marked("Reason"), marked("Element"))
_NAME_FIELDS = {
    "family": "family",
    "family_prefix": "prefix",
    "given": "given",
    "initials": "initials",
    "partner_family": "partner_family",
    "partner_prefix": "partner_prefix",
}
"""Fields of the form, and of a name."""
_PLAIN_FIELDS = (
    "street",
    "house_number",
    "postcode",
    "city",
    "email",
    "telephone",
    "representative",
    "representative_telephone",
    "insurer",
    "insured_number",
)


def _line(label: Any, length: int, help_text: Any = "", *, needed: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=needed,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SearchForm(forms.Form):
    """Who is looked for. Handed in by POST, so that nobody's data stand in an address."""

    text = forms.CharField(
        label=_("Name, birth date or number"),
        help_text=_("The beginning is enough: berg 15-3-1962."),
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class ImportForm(forms.Form):
    """A list of patients."""

    list = forms.FileField(
        label=_("List of patients"),
        help_text=_(
            "CSV of which the first line names the columns, or a FHIR Bundle; at most 20 MB and"
            " 50,000 patients."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.json,application/fhir+json"}),
    )


class OtherForm(forms.Form):
    """Which other patient is meant."""

    other = forms.UUIDField()


class PatientForm(forms.Form):
    """What is known of a patient; a family name and a birth date are enough."""

    family = _line(_("Family name"), 100, needed=True)
    family_prefix = _line(_("Prefix"), 20, _("Such as: van der."))
    given = _line(_("Given name"), 80)
    initials = _line(_("Initials"), 20)
    partner_family = _line(_("Partner's family name"), 100)
    partner_prefix = _line(_("Its prefix"), 20)
    use = forms.ChoiceField(
        label=_("Goes by"), choices=[(use.value, _(title)) for use, title in USES.items()]
    )
    birth_on = forms.DateField(
        label=_("Birth date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[(sex.value, _(title)) for sex, title in SEXES.items()]
    )
    bsn = _line(_("BSN"), 20)
    insz = _line(_("National register number"), 20)
    record = _line(_("Number in the record system"), 40)
    street = _line(_("Street"), 120)
    house_number = _line(_("House number"), 12)
    postcode = _line(_("Postcode"), 8)
    city = _line(_("Town"), 80)
    country = forms.ChoiceField(
        label=_("Country"), choices=[("NL", _("Netherlands")), ("BE", _("Belgium"))]
    )
    telephone = _line(_("Telephone"), 24)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    representative = _line(_("Represented by"), 120)
    representative_telephone = _line(_("Telephone of who represents"), 24)
    insurer = _line(_("Insurer"), 4, _("The insurer's UZOVI number, 4 digits."))
    insured_number = _line(_("Insured person's number"), 20)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for system in SYSTEMS_ELSEWHERE[settings.REGION]:
            del self.fields[system.value]
        if not self.is_bound and "country" not in self.initial:
            self.initial["country"] = settings.REGION.upper()

    def parts(self) -> Iterator[tuple[object, list[forms.BoundField]]]:
        """Yield the fields in parts, each with its title."""
        yield _("Name"), [self[name] for name in (*_NAME_FIELDS, "use")]
        numbers = [system.value for system in System if system.value in self.fields]
        yield _("Person"), [self[name] for name in ("birth_on", "sex", *numbers)]
        yield (
            _("Address"),
            [self[name] for name in ("street", "house_number", "postcode", "city", "country")],
        )
        yield (
            _("Contact"),
            [
                self[name]
                for name in ("telephone", "email", "representative", "representative_telephone")
            ],
        )
        yield _("Insurance"), [self[name] for name in ("insurer", "insured_number")]

    def data_handed_in(self) -> PatientData:
        """Return what a valid form says."""
        said = self.cleaned_data
        return PatientData(
            name=Name(
                **{part: said[name] for name, part in _NAME_FIELDS.items()},
                use=NameUse(said["use"]),
            ),
            birth_on=said["birth_on"],
            sex=Sex(said["sex"]),
            country=Country(said["country"]),
            numbers={system: said[system.value] for system in System if system.value in said},
            **{name: said[name] for name in _PLAIN_FIELDS},
        )


def initial_of(patient: PatientView, own: dict[System, str]) -> dict[str, object]:
    """Return what a form shows first of a patient; `own` are its own numbers."""
    return {
        **{name: getattr(patient.name, part) for name, part in _NAME_FIELDS.items()},
        **{name: getattr(patient, name) for name in _PLAIN_FIELDS},
        **{system.value: value for system, value in own.items()},
        "use": patient.name.use.value,
        "birth_on": patient.birth_on,
        "sex": patient.sex.value,
        "country": patient.country,
        "version": patient.version,
    }
