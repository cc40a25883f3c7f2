"""A certificate is pasted or chosen as a file; its key likewise, and never shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

TEXT_MAX = 40_000
FILE_BYTES_MAX = 40_000


class Unseen(forms.Textarea):
    """A field whose content is not shown again when the form is."""

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> Any:
        """Return what it is made of, without what was typed."""
        return super().get_context(name, None, attrs)


class HandInForm(forms.Form):
    """The certificate with its chain, its key, and the key's passphrase if it has one."""

    chain = forms.CharField(
        label=_("Certificate with its chain"),
        help_text=_("PEM: its own first, then who issued it, and so on. Or choose a file below."),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    chain_file = forms.FileField(label=_("Certificate as a file"), required=False)
    key = forms.CharField(
        label=_("Private key"),
        help_text=_("PEM. It is sealed at once, and nobody sees it again. Or choose a file below."),
        max_length=TEXT_MAX,
        required=False,
        widget=Unseen(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    key_file = forms.FileField(label=_("Private key as a file"), required=False)
    passphrase = forms.CharField(
        label=_("Passphrase of the key"),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chain", "chain_file", "key", "key_file"):
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Take each from where it was given."""
        given = super().clean() or {}
        for name in ("chain", "key"):
            text = given.get(name) or self._in_file(f"{name}_file")
            if not text and f"{name}_file" not in self.errors:
                self.add_error(name, now_said("Paste it here, or choose a file."))
            given[name] = text
        return given

    def _in_file(self, name: str) -> str:
        file = self.cleaned_data.get(name)
        if file is None:
            return ""
        if file.size > FILE_BYTES_MAX:
            self.add_error(name, now_said("This file is too large to be a certificate or a key."))
            return ""
        return bytes(file.read()).decode("utf-8", errors="replace")
