"""The shape of what operators hand in. Nothing is saved here."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standvast.core.health.api import COMPONENTS
from standvast.desk.status.rules import REASON_MAX, TEXT_MAX, NoticeKind
from standvast.desk.status.slots import FUNCTIONS
from standvast.kit.wiring import wired
from standvast.registry.organisations.api import (
    Kind,
    OrganisationView,
    organisations_of_kinds,
    search_organisations,
)

CODES_MAX = 100
HOURS_MAX = 24 * 14
KIND_TITLES = {
    Kind.PRACTICE: _("GP practices"),
    Kind.POST: _("out-of-hours posts"),
    Kind.PHARMACY: _("pharmacies"),
    Kind.HOSPITAL: _("hospital departments"),
    Kind.CARE: _("care organisations"),
    Kind.OFFICE: _("programme offices"),
}
NOTICE_TITLES = {
    NoticeKind.OUTAGE: _("outage"),
    NoticeKind.MAINTENANCE: _("maintenance"),
    NoticeKind.KNOWN_PROBLEM: _("known problem, without an outage"),
    NoticeKind.RELEASE: _("something new"),
}


def _words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": TEXT_MAX}),
    )


class AudienceForm(forms.Form):
    """For whom, until when, in which words."""

    audience = forms.ChoiceField(
        label=_("For whom"),
        choices=[
            ("all", _("everybody")),
            ("kinds", _("all organisations of these kinds")),
            ("codes", _("these organisations")),
        ],
        initial="all",
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        required=False,
        choices=[(kind.value, title) for kind, title in KIND_TITLES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    codes = forms.CharField(
        label=_("Organisations"),
        required=False,
        max_length=4_000,
        help_text=_("Their AGB or NIHDI numbers, at most 100."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text_nl = _words(_("What people see, in Dutch"))
    text_fr = _words(_("What people see, in French"))
    text_en = _words(_("What people see, in English"))
    hours = forms.IntegerField(
        label=_("For how many hours"),
        required=False,
        min_value=1,
        max_value=HOURS_MAX,
        help_text=_("Empty: until you end it."),
    )

    def clean(self) -> dict[str, Any]:
        """Work out who is meant and check that there are words."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"text_{lang}") for lang in ("nl", "fr", "en")):
            self.add_error(
                "text_nl", gettext("Write what people will see, in at least one language.")
            )
        match cleaned.get("audience"):
            case "kinds" if not cleaned.get("kinds"):
                self.add_error("kinds", gettext("Choose at least one kind."))
            case "codes":
                self._clean_codes(cleaned)
        return cleaned

    def _clean_codes(self, cleaned: dict[str, Any]) -> None:
        codes = re.split(r"[\s,;]+", cleaned.get("codes", "").strip())
        codes = [code for code in dict.fromkeys(codes) if code]
        if not codes or len(codes) > CODES_MAX:
            self.add_error("codes", gettext("Write at least one number, and at most 100."))
            return
        found: list[OrganisationView] = []
        for code in codes:
            match = [view for view in search_organisations(code) if view.code == code]
            if not match:
                self.add_error(
                    "codes", gettext("No organisation has the number {code}.").format(code=code)
                )
            found += match
        cleaned["found"] = found

    def organisation_ids(self) -> frozenset[uuid.UUID] | None:
        """Return who is meant; None for everybody."""
        match self.cleaned_data["audience"]:
            case "kinds":
                kinds = [Kind(value) for value in self.cleaned_data["kinds"]]
                return frozenset(view.id for view in organisations_of_kinds(*kinds))
            case "codes":
                return frozenset(view.id for view in self.cleaned_data["found"])
        return None

    def texts(self) -> Mapping[str, str]:
        """Return the words by language."""
        return {lang: self.cleaned_data.get(f"text_{lang}", "") for lang in ("nl", "fr", "en")}

    def until_at(self, now: datetime) -> datetime | None:
        """Return when it ends by itself, if it does."""
        hours = self.cleaned_data.get("hours")
        return now + timedelta(hours=hours) if hours else None


class CloseForm(AudienceForm):
    """Close a function."""

    function = forms.ChoiceField(label=_("Function"))
    reason = forms.CharField(
        label=_("Why, for the report"),
        max_length=REASON_MAX,
        help_text=_("Operators see this. No names of people, nothing about patients."),
    )
    field_order = ("function", "audience", "kinds", "codes", "text_nl", "text_fr", "text_en")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["function"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(known.slug, gettext(known.title)) for known in wired(FUNCTIONS)]


class TellForm(AudienceForm):
    """Tell people something."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(kind.value, title) for kind, title in NOTICE_TITLES.items()],
    )
    components = forms.MultipleChoiceField(
        label=_("What it is about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("kind", "components", "audience", "kinds", "codes")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["components"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (component.slug, gettext(component.title))
            for component in wired(COMPONENTS)
            if component.audience == "external"
        ]
