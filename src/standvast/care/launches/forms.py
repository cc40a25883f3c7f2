"""A target as the desk writes it: one version, whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.care.launches.rules.addresses import TargetNotRight
from standvast.care.launches.rules.targets import Contract, Draft, Kind, claims_in_text
from standvast.kit.words import marked
from standvast.registry.organisations.api import CodeSystem, organisation_with_code

ORGANISATIONS_MAX = 500
KINDS = [
    (Kind.SIGNED.value, _("Signed token, by form")),
    (Kind.FORM.value, _("Claims themselves, by form")),
    (Kind.LINK.value, _("Plain address")),
    (Kind.SMART.value, _("SMART app, started about the patient")),
    (Kind.OPENID.value, _("OpenID Connect: it signs the person in with us")),
]
LINES = {"rows": 5, "spellcheck": "false"}


class TargetForm(forms.Form):
    """Everything that people, the other side and the walk need to know."""

    name = forms.SlugField(
        label=_("Short name"),
        help_text=_("Names it in findings: lower case, such as lab-orders. It cannot be changed."),
        max_length=40,
    )
    title = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.CharField(label=_("What for"), max_length=200)
    kind = forms.ChoiceField(label=_("How people are handed over"), choices=KINDS)
    address = forms.CharField(
        label=_("Address"), help_text=_("Where it takes launches: https://…"), max_length=400
    )
    app = forms.CharField(
        label=_("Its name for us (client_id)"),
        help_text=_("Only of an app: as it stands under Apps, where it is registered first."),
        max_length=60,
        required=False,
    )
    opens = forms.CharField(
        label=_("What it opens (target_link_uri)"),
        help_text=_("Only with OpenID Connect. Empty: what it opens by itself."),
        max_length=400,
        required=False,
    )
    audience = forms.CharField(
        label=_("Whom the token is for"),
        help_text=_("As they call themselves (aud). Empty: the address."),
        max_length=400,
        required=False,
    )
    token_field = forms.CharField(
        label=_("Field of the token"), max_length=40, initial="token", required=False
    )
    task = forms.CharField(
        label=_("Task"),
        help_text=_("Their word for what is opened."),
        max_length=80,
        required=False,
    )
    claims = forms.CharField(
        label=_("What goes along"),
        help_text=_("One a line: their.name = ours. The how-to lists ours."),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs=LINES),
    )
    status = forms.IntegerField(
        label=_("Status of its page"), min_value=200, max_value=499, initial=200
    )
    marker = forms.CharField(
        label=_("Words on its page"),
        help_text=_("That stand there when all is well, and on no page to sign in."),
        max_length=200,
        required=False,
    )
    echoes = forms.CharField(
        label=_("Claims it shows"),
        help_text=_(
            "Names of claims, with spaces between: the walk looks for what it handed over."
        ),
        max_length=400,
        required=False,
    )
    leads_to = forms.CharField(
        label=_("Further sites it sends people on to"),
        help_text=_("With spaces between: https://…"),
        max_length=2_000,
        required=False,
    )
    owner = forms.CharField(label=_("Who answers for it"), max_length=80)
    telephone = forms.CharField(label=_("Telephone"), max_length=24)
    instead_nl = forms.CharField(
        label=_("What to do instead, in Dutch"), max_length=500, widget=forms.Textarea(attrs=LINES)
    )
    instead_fr = forms.CharField(
        label=_("What to do instead, in French"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=LINES),
    )
    instead_en = forms.CharField(
        label=_("What to do instead, in English"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=LINES),
    )
    organisations = forms.CharField(
        label=_("Who sees it"),
        help_text=_(
            "AGB or NIHDI numbers, with spaces between. Empty: everybody who sees patients."
        ),
        max_length=8_000,
        required=False,
        widget=forms.Textarea(attrs=LINES),
    )
    new_key = forms.BooleanField(
        label=_("Sign with a new key from this version on"), required=False
    )

    def __init__(self, *args: Any, slug: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self._slug = slug
        if slug:
            del self.fields["name"]

    def slug(self) -> str:
        """Return the short name: the one there is, or the one given."""
        return self._slug or str(self.cleaned_data["name"])

    def draft(self) -> Draft:
        """Return the version that was written.

        :raises TargetNotRight: if a line of it is no claim, or a number is nobody's.
        """
        given = self.cleaned_data
        return Draft(
            title=given["title"],
            kind=Kind(given["kind"]),
            address=given["address"],
            purpose=given["purpose"],
            owner=given["owner"],
            telephone=given["telephone"],
            instead={
                language: given[f"instead_{language}"]
                for language in ("nl", "fr", "en")
                if given[f"instead_{language}"]
            },
            audience=given["audience"],
            token_field=given["token_field"] or "token",
            task=given["task"],
            claims=claims_in_text(given["claims"]),
            contract=Contract(given["status"], given["marker"], tuple(given["echoes"].split())),
            leads_to=tuple(given["leads_to"].split()),
            organisation_ids=_ids_of(given["organisations"].split()),
            app=given["app"],
            opens=given["opens"],
        )


def _ids_of(codes: list[str]) -> tuple[str, ...]:
    if len(codes) > ORGANISATIONS_MAX:
        raise TargetNotRight(marked("At most 500 organisations."))
    ids = []
    for code in codes:
        found = next(
            (one for system in CodeSystem if (one := organisation_with_code(system, code))), None
        )
        if found is None:
            raise TargetNotRight(marked("Nobody here has the number {code}."), code=code[:20])
        ids.append(str(found.id))
    return tuple(ids)
