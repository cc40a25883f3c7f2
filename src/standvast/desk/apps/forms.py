"""An app as its supplier tells of it. Shape only; the rules are those of grants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.registry.grants.api import AppData, AppView, Proof

PROOFS = [
    (Proof.NONE.value, _("Nothing: it runs in a browser or on a telephone")),
    (Proof.SECRET.value, _("A secret that we give it")),
    (Proof.KEY.value, _("A key pair of its own: it hands in the public half")),
]
LINES_MAX = 3_200
KEYS_MAX = 20_000


class AppForm(forms.Form):
    """What is known of an app. How it proves itself is said once, when it is new."""

    title = forms.CharField(label=_("Name of the app"), max_length=80)
    supplier = forms.CharField(label=_("Supplier"), max_length=80)
    telephone = forms.CharField(
        label=_("Telephone of their service desk"), max_length=24, required=False
    )
    proof = forms.ChoiceField(
        label=_("What it proves itself with"), choices=PROOFS, widget=forms.RadioSelect
    )
    redirects = forms.CharField(
        label=_("Addresses to come back to"),
        help_text=_("One on a line, letter by letter as the app asks for them. https only."),
        max_length=LINES_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    launch_url = forms.CharField(
        label=_("Address to start it from a patient's page"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    scopes = forms.CharField(
        label=_("What it may ask for"),
        help_text=_("Scopes with a space between, such as: openid launch patient/Patient.rs"),
        max_length=2_000,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    keys = forms.CharField(
        label=_("Its public keys"),
        help_text=_("Only with a key pair: a JWK Set, for RS384 or ES384."),
        max_length=KEYS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def data_handed_in(self) -> AppData:
        """Return it as the operation takes it."""
        given = self.cleaned_data
        return AppData(
            title=given["title"],
            supplier=given["supplier"],
            telephone=given["telephone"],
            proof=Proof(given["proof"]),
            redirects=given["redirects"].split(),
            scopes=given["scopes"],
            launch_url=given["launch_url"],
            keys=given["keys"],
        )


def initial_of(app: AppView, keys: str) -> dict[str, Any]:
    """Return what the form begins with for an app that is known."""
    return {
        "title": app.title,
        "supplier": app.supplier,
        "telephone": app.telephone,
        "proof": app.proof.value,
        "redirects": "\n".join(app.redirects),
        "launch_url": app.launch_url,
        "scopes": " ".join(app.scopes),
        "keys": keys,
    }


class SearchForm(forms.Form):
    """Which organisation is looked for."""

    text = forms.CharField(
        label=_("Name, town or number of an organisation"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OrganisationForm(forms.Form):
    """Which organisation is meant."""

    organisation = forms.UUIDField()
