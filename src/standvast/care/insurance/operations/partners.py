"""A chain partner's file is read in: what they did for our patients, with a result per line."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from standvast.care.insurance.operations.enrolling import is_enrolled, written_down
from standvast.care.insurance.records import check_claims
from standvast.care.insurance.rules.layouts import (
    FieldWrong,
    Layout,
    LayoutWrong,
    Value,
    begins_as,
    lines_of,
    read,
)
from standvast.care.insurance.rules.programmes import Origin
from standvast.care.insurance.told import care_entry
from standvast.core.journal.api import Entry, record_many
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.patients.api import System, patient_rows, patient_with_number

TAKEN, KNOWN, REFUSED = marked("taken"), marked("known already"), marked("refused")
PARTNER_DIGITS = 8


class NotAPartnersFile(Invalid):
    """The file does not begin and end as a chain partner's does."""

    code = "insurance.not_a_partners_file"


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line. Both texts are marked; no words of the file."""

    line: int
    result: str
    reason: str = ""


@dataclass(slots=True)
class _Reading:
    """How far a file has been read."""

    actor: Actor
    layout: Layout
    now: datetime
    partner: str
    patient_id: uuid.UUID | None = None
    why_nobody: str = ""
    done_count: int = 0
    """Lines about something that was done, those that cannot be read among them."""
    closing_count: int | None = None
    """What the last line says of that; None until it came."""


@transaction.atomic(durable=True)
def take_in(
    *, actor: Actor, content: bytes, layout: Layout, now: datetime
) -> tuple[LineResult, ...]:
    """Write down what a partner did, line by line; the same file again changes nothing.

    A line that cannot be taken holds up no other. After one that may have named a patient, and
    cannot be read, nothing is taken until the next one is named.

    :raises LayoutWrong: if it is not text, or too long.
    :raises NotAPartnersFile: if it does not say who sends it, or how many lines it has.
    """
    check_claims(actor)
    lines = lines_of(content)
    reading = _Reading(actor, layout, now, partner=_partner(layout, lines))
    results: list[LineResult] = []
    entries: list[Entry] = []
    for number, text in enumerate(lines[1:], start=2):
        if reading.closing_count is not None:
            raise NotAPartnersFile(_not_theirs())
        is_done = begins_as(layout, text, "done")
        reading.done_count += is_done
        try:
            record, values = read(layout, text)
        except (LayoutWrong, FieldWrong):
            if not is_done:
                reading.patient_id = None
                reading.why_nobody = marked("The line that says about whom cannot be read.")
            results.append(LineResult(number, REFUSED, marked("This line cannot be read.")))
            continue
        match record:
            case "patient":
                _find(reading, values)
            case "done":
                results.append(_take(reading, number, values, entries))
            case "closing":
                reading.closing_count = int(str(values["lines_count"]))
            case _:
                raise NotAPartnersFile(_not_theirs())
    if reading.closing_count != reading.done_count:
        raise NotAPartnersFile(_not_theirs())
    record_many(entries)
    return tuple(results)


def _partner(layout: Layout, lines: Sequence[str]) -> str:
    """Return who sends a file, by its first line.

    :raises NotAPartnersFile: if that does not say so.
    """
    try:
        record, values = read(layout, next(iter(lines), ""))
    except (LayoutWrong, FieldWrong):
        raise NotAPartnersFile(_not_theirs()) from None
    partner = str(values.get("partner", ""))
    is_number = len(partner) == PARTNER_DIGITS and partner.isascii() and partner.isdecimal()
    if record != "opening" or not is_number:
        raise NotAPartnersFile(_not_theirs())
    return partner


def _find(reading: _Reading, values: Mapping[str, Value]) -> None:
    """Look whose lines follow: by number, and only with the birth date that goes with it."""
    organisation_id = reading.actor.organisation_id
    reading.patient_id, reading.why_nobody = None, marked("This patient is not in your register.")
    found = patient_with_number(organisation_id, {System.BSN: str(values["bsn"])})
    if found is None:
        return
    row = patient_rows(organisation_id, [found])[found]
    if row.birth_on != values["birth_on"]:
        reading.why_nobody = marked("The birth date does not go with this number.")
        return
    reading.patient_id = found


def _take(
    reading: _Reading, number: int, values: Mapping[str, Value], entries: list[Entry]
) -> LineResult:
    if reading.patient_id is None:
        return LineResult(number, REFUSED, reading.why_nobody or _not_theirs())
    known = reading.layout.codes.get(str(values["code"]))
    if known is None:
        return LineResult(number, REFUSED, marked("This code is not in the layout."))
    day = values["on"]
    if not isinstance(day, date) or day > timezone.localdate(reading.now):
        return LineResult(number, REFUSED, marked("That day is yet to come."))
    programme, code = known
    if not is_enrolled(
        actor=reading.actor, patient_id=reading.patient_id, programme=programme, day=day
    ):
        return LineResult(number, REFUSED, marked("This patient was not in the programme then."))
    _, is_new = written_down(
        actor=reading.actor,
        patient_id=reading.patient_id,
        programme=programme,
        code=code,
        done_on=day,
        said={
            "partner": reading.partner,
            "origin": Origin.IMPORTED.value,
            "recorded_at": reading.now,
        },
    )
    if is_new:
        entries.append(
            care_entry(reading.actor, reading.patient_id, "C", "insurance.done", reading.now)
        )
    return LineResult(number, TAKEN if is_new else KNOWN)


def _not_theirs() -> str:
    return marked("This is not a whole file of a chain partner.")
