"""Shape of what people hand in about agreements."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from standvast.registry.agreements.rules import LANGUAGES, PARTS_MAX, TITLE_MAX
from standvast.registry.organisations.api import Kind

KINDS = (
    (Kind.PRACTICE, _("GP practices")),
    (Kind.POST, _("out-of-hours posts")),
    (Kind.PHARMACY, _("pharmacies")),
    (Kind.HOSPITAL, _("hospitals")),
    (Kind.CARE, _("other care")),
)


class PublishForm(forms.Form):
    """A first or a next version."""

    slug = forms.SlugField(
        label=_("Short name"),
        help_text=_("The same name again is the next version of the same agreement."),
        max_length=60,
    )
    kinds = forms.MultipleChoiceField(label=_("Who signs"), widget=forms.CheckboxSelectMultiple)
    title_nl = forms.CharField(label=_("Title, in Dutch"), max_length=TITLE_MAX)
    title_fr = forms.CharField(label=_("Title, in French"), max_length=TITLE_MAX, required=False)
    title_en = forms.CharField(label=_("Title, in English"), max_length=TITLE_MAX, required=False)
    parts = forms.CharField(
        label=_("Parts that may be chosen"),
        help_text=_("One a line. Dutch | French | English; the last two may lack."),
        max_length=PARTS_MAX * (TITLE_MAX + 3) * 3,
        widget=forms.Textarea(attrs={"rows": "4"}),
    )
    document = forms.FileField(label=_("Document"), help_text=_("A PDF of at most 1 MB."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(kind.value, title) for kind, title in KINDS]

    def titles(self) -> dict[str, str]:
        """Return the titles by language, once valid."""
        found = {code: self.cleaned_data[f"title_{code}"].strip() for code in LANGUAGES}
        return {code: text for code, text in found.items() if text}

    def content(self) -> bytes:
        """Return the document, once valid."""
        file = self.cleaned_data["document"]
        assert isinstance(file, UploadedFile)
        return bytes(file.read())


class SignForm(forms.Form):
    """Which parts."""

    parts = forms.MultipleChoiceField(
        label=_("Your organisation agrees to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = parts
