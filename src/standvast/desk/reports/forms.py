"""What the desk fills in for a report and for what follows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.desk.reports.rules.report import BLOCK_CHARS_MAX, AuthorRole, Form, Grade, Section

LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("en", _("English"))]
ROLE_TITLES = {
    AuthorRole.LEAD: _("Desk lead"),
    AuthorRole.DUTY: _("Person on duty"),
    AuthorRole.PRODUCT_OWNER: _("Product owner"),
    AuthorRole.RELEASE_MANAGER: _("Release manager"),
}
GRADE_TITLES = {
    Grade.PUBLIC: _("Public"),
    Grade.INTERNAL: _("Internal"),
    Grade.CONFIDENTIAL: _("Confidential"),
}
FORM_TITLES = {Form.REPORT: _("Outage report"), Form.LETTER: _("Letter to customers")}
SECTION_TITLES = {
    Section.PROBLEM: _("Problem"),
    Section.IMPACT: _("Impact"),
    Section.CAUSE: _("Cause"),
    Section.ACTIONS_TAKEN: _("Actions taken"),
    Section.COMMUNICATION: _("Communication"),
    Section.FOLLOW_UP: _("Follow-up"),
}
ACTION_KINDS = [
    ("prevent", _("Prevents it")),
    ("detect", _("Finds it sooner")),
    ("mitigate", _("Makes it bearable")),
    ("process", _("Changes how we work")),
]


class MakeForm(forms.Form):
    """Which incidents, in which language and form, signed by which role."""

    numbers = forms.CharField(
        label=_("Incidents"),
        help_text=_("Numbers, separated by commas: ST-2026-014, ST-2026-015."),
        max_length=1_000,
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    form = forms.ChoiceField(
        label=_("Form"), choices=[(form.value, title) for form, title in FORM_TITLES.items()]
    )
    author_role = forms.ChoiceField(
        label=_("Author (a role)"),
        choices=[(role.value, title) for role, title in ROLE_TITLES.items()],
    )
    grade = forms.ChoiceField(
        label=_("Class"),
        choices=[(grade.value, title) for grade, title in GRADE_TITLES.items()],
        initial=Grade.CONFIDENTIAL.value,
    )


class BlocksForm(forms.Form):
    """The six sections, as Markdown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section, title in SECTION_TITLES.items():
            self.fields[section.value] = forms.CharField(
                label=title,
                max_length=BLOCK_CHARS_MAX,
                required=False,
                widget=forms.Textarea(attrs={"rows": 10}),
            )

    def blocks(self) -> dict[Section, str]:
        """Return the sections as they were written."""
        return {
            section: self.cleaned_data[section.value].replace("\r\n", "\n") for section in Section
        }


class ApproveForm(forms.Form):
    """What was read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ActionForm(forms.Form):
    """What follows, with owner, due date and proof."""

    number = forms.CharField(label=_("Incident"), max_length=16)
    kind = forms.ChoiceField(label=_("Kind"), choices=ACTION_KINDS)
    text = forms.CharField(
        label=_("What will be done"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.CharField(label=_("Owner (a role)"), max_length=80)
    due_on = forms.DateField(
        label=_("Due"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    proof_kind = forms.ChoiceField(
        label=_("Proof"), choices=[("drill", _("A drill")), ("test", _("A test"))]
    )
    proof = forms.CharField(
        label=_("Name of the drill or test"),
        help_text=_("It fails without the change and passes with it, run after the change."),
        max_length=200,
    )
    is_long_term = forms.BooleanField(label=_("Long term"), required=False)


class NoActionForm(forms.Form):
    """Why nothing follows."""

    number = forms.CharField(label=_("Incident"), max_length=16)
    because = forms.CharField(label=_("No action, because"), max_length=1_000)
