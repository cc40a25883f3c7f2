"""Shape of the filters. They come by GET: what is chosen stands in the address, about nobody."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standvast.care.dashboards.queries import Own
from standvast.care.dashboards.rules.cells import Window, months_later
from standvast.care.dashboards.rules.tables import Asked
from standvast.care.dashboards.showing import path_title, path_written, programme_title
from standvast.web.api import month

Path = tuple[str, ...]
ALL = "all"


class FilterForm(forms.Form):
    """Programme, activity, months and practices; all of them when nothing is chosen."""

    programme = forms.ChoiceField(label=_("Programme"))
    activity = forms.ChoiceField(label=_("Activity"))
    since = forms.ChoiceField(label=_("From"))
    until = forms.ChoiceField(label=_("Up to and including"))
    practice = forms.MultipleChoiceField(label=_("Practices"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: Any,
        *,
        window: Window,
        own: Sequence[Own],
        here: uuid.UUID,
        programmes: Iterable[str],
        paths: Iterable[Path],
    ) -> None:
        months = [(f"{day:%Y-%m}", month(day)) for day in window.months]
        filled = {
            "programme": data.get("programme") or ALL,
            "activity": data.get("activity") or ALL,
            "since": data.get("since") or months[0][0],
            "until": data.get("until") or months[-1][0],
            "practice": data.getlist("practice") or [str(here)],
        }
        super().__init__(filled)
        self._window = window
        self._set(
            "programme",
            [
                (ALL, _("All programmes")),
                *((one, programme_title(one)) for one in sorted(programmes)),
            ],
        )
        self._set(
            "activity",
            [
                (ALL, _("All activities")),
                *((path_written(one), path_title(one)) for one in sorted(paths)),
            ],
        )
        for name in ("since", "until"):
            self._set(name, months)
        self._set("practice", [(str(one.actor.organisation_id), one.name) for one in own])
        self.has_practices = len(own) > 1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since", "") > cleaned.get("until", "~"):
            self.add_error("until", _("This month lies before the first one."))
        return cleaned

    def asked(self) -> Asked:
        """Return what was asked for; only of a form that is valid."""
        chosen = self.cleaned_data
        programme, activity = (
            "" if chosen[name] == ALL else chosen[name] for name in ("programme", "activity")
        )
        return Asked(
            organisation_ids=frozenset(uuid.UUID(one) for one in chosen["practice"]),
            period=Window(_day(chosen["since"]), months_later(_day(chosen["until"]), 1)),
            programme=programme,
            path=tuple(activity.split("/")) if activity else (),
        )

    def _set(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _day(written: str) -> date:
    return date.fromisoformat(f"{written}-01")
