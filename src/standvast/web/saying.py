"""How a refusal is said in a person's language."""

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override

from standvast.kit.errors import Refused
from standvast.web import formats


class Spoken(string.Formatter):
    """Fills a sentence; values without a format of their own are said as people say them."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        assert isinstance(key, str), "name the fields of a sentence"
        return kwargs[key]

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec:
            return str(format(value, format_spec))
        match value:
            case bool():
                return gettext("yes") if value else gettext("no")
            case int() | float() | Decimal():
                return formats.number(value)
            case datetime():
                return formats.spoken(value, now=timezone.now())
            case date():
                return formats.spoken_day(value, today=timezone.localdate())
        return str(value)


def sentence(template: str, values: Mapping[str, object]) -> str:
    """Return a marked template in the active language with its values filled in."""
    translated = gettext(template) if template else ""
    return Spoken().vformat(translated, (), values) if values else translated


def say(refused: Refused, language: str) -> str:
    """Return what to tell a person in `language`: the rule's sentence with its values."""
    with override(language):
        return sentence(refused.template, refused.values)
