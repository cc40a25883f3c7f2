"""Many patients come into the register together: a few statements, whatever their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from standvast.core.delivery.api import publish
from standvast.core.journal.api import entry_of, record_many
from standvast.events.patients import PatientRegistered
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.registry.patients.known import Holder, holder_among, holders_of
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.rows import KIND, set_words
from standvast.registry.patients.rules import System

Entry = tuple[dict[str, object], dict[System, str]]
"""Fields and numbers, as `checked` returns them."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an entry: whose row it is, or marked why it was refused."""

    is_new: bool = False
    refused: str = ""


def enter_many(*, actor: Actor, entries: Sequence[Entry], now: datetime) -> list[Entered]:
    """Register each that is not known by one of its numbers, inside the caller's transaction.

    One number is one patient, among the entries as well: the first is registered. Who is known by
    one number, and by what else is said of them must be somebody else, is refused.
    IntegrityError if another process registers one of the numbers at the same time.
    """
    known = holders_of(actor.organisation_id, [numbers for _, numbers in entries])
    rows: list[Patient] = []
    identifiers: list[Identifier] = []
    made: list[Entered] = []
    for fields, numbers in entries:
        found = holder_among(known, numbers)
        if found is not None:
            made.append(Entered(refused=_doubt(found, fields, numbers)))
            continue
        pairs = [(system.value, value) for system, value in sorted(numbers.items())]
        row = Patient(organisation_id=actor.organisation_id, **fields)
        set_words(row)
        rows.append(row)
        holder = Holder(row.id, frozenset({row.birth_on}), frozenset(pairs))
        for system, value in pairs:
            known[system, value] = holder
            identifiers.append(
                Identifier(
                    patient=row, organisation_id=row.organisation_id, system=system, value=value
                )
            )
        made.append(Entered(is_new=True))
    Patient.objects.bulk_create(rows)
    Identifier.objects.bulk_create(identifiers)
    record_many(
        [
            entry_of(
                actor,
                at=now,
                action="C",
                event="patients.registered",
                record_kind=KIND,
                record_id=row.id,
            )
            for row in rows
        ]
    )
    publish(*(PatientRegistered(row.id, row.organisation_id, now) for row in rows), now=now)
    return made


def _doubt(known: Holder, fields: Mapping[str, object], numbers: Mapping[System, str]) -> str:
    """Return why an entry cannot be about who is known by one of its numbers, if so."""
    if known.is_another_than(numbers):
        return marked("The numbers in this row are of two different patients.")
    if fields["birth_on"] not in known.births:
        return marked("The birth date does not go with this number.")
    return ""
