"""What may stand in a call or an entry: bounded, and no national number of a patient."""

import re

from stdnum.be import nn as insz
from stdnum.nl import bsn

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

CALL_CHARS_MAX = 2_000
ENTRY_CHARS_MAX = 4_000
_RUN = re.compile(r"\d+(?:[ .\-/]\d+)*", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)


class TextTooLong(Invalid):
    """More words than the field holds."""

    code = "incidents.text_too_long"


class TextMissing(Invalid):
    """Nothing was written."""

    code = "incidents.text_missing"


class HoldsPatientNumber(Invalid):
    """The text holds a citizen service number or a national register number."""

    code = "incidents.holds_patient_number"


def holds_patient_number(text: str) -> bool:
    """Return whether the text holds a valid BSN (9 digits) or INSZ (11 digits).

    Groups of digits with single spaces, points, dashes or slashes between them are read alone
    and together, so that `1112.22.333` is found and `111222333 10` as well.
    """
    for run in _RUN.finditer(text):
        groups = _GROUP.findall(run.group())
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) == 9 and bsn.is_valid(digits):
                    return True
                if len(digits) == 11 and insz.is_valid(digits):
                    return True
                if len(digits) > 11:
                    break
    return False


def check_text(text: str, *, chars_max: int) -> str:
    """Return the text without spaces around it, if it may be kept.

    :raises TextMissing: if it is empty.
    :raises TextTooLong: if it is longer than `chars_max`.
    :raises HoldsPatientNumber: if it holds a number that points at a patient.
    """
    plain = text.replace("\x00", "").strip()
    if not plain:
        raise TextMissing(marked("Write in a few words what happens."))
    if len(plain) > chars_max:
        raise TextTooLong(
            marked("At most {limit} characters; this has {count}."),
            limit=chars_max,
            count=len(plain),
        )
    if holds_patient_number(plain):
        raise HoldsPatientNumber(
            marked(
                "This text holds a BSN or a national register number. Nothing about patients is "
                "kept here: describe the problem without the number."
            )
        )
    return plain
