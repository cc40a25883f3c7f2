"""Many patients come into the register together: a few statements, whatever their number."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from standvast.core.delivery.api import publish
from standvast.core.journal.api import entry_of, record_many
from standvast.events.patients import PatientRegistered
from standvast.kit.actor import Actor
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.operations.registering import Registered
from standvast.registry.patients.rows import KIND, set_words
from standvast.registry.patients.rules import System

Entry = tuple[dict[str, object], dict[System, str]]
"""Fields and numbers, as `checked` returns them."""


def enter_many(*, actor: Actor, entries: Sequence[Entry], now: datetime) -> list[Registered]:
    """Register each that is not known by one of its numbers, inside the caller's transaction.

    One number is one patient, among the entries as well: the first is registered.
    IntegrityError if another process registers one of the numbers at the same time.
    """
    known = _known(actor.organisation_id, [numbers for _, numbers in entries])
    rows: list[Patient] = []
    identifiers: list[Identifier] = []
    made: list[Registered] = []
    for fields, numbers in entries:
        pairs = [(system.value, value) for system, value in sorted(numbers.items())]
        found = next((known[pair] for pair in pairs if pair in known), None)
        if found is not None:
            made.append(Registered(found, is_new=False))
            continue
        row = Patient(organisation_id=actor.organisation_id, **fields)
        set_words(row)
        rows.append(row)
        for system, value in pairs:
            known[system, value] = row.id
            identifiers.append(
                Identifier(
                    patient=row, organisation_id=row.organisation_id, system=system, value=value
                )
            )
        made.append(Registered(row.id, is_new=True))
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


def _known(
    organisation_id: UUID, all_numbers: Iterable[dict[System, str]]
) -> dict[tuple[str, str], UUID]:
    """Return whose numbers these are; of a double, the one it was merged into."""
    values = {value for numbers in all_numbers for value in numbers.values()}
    rows = Identifier.objects.filter(
        organisation_id=organisation_id,
        system__in=[system.value for system in System],
        value__in=values,
    ).values_list("system", "value", "patient_id", "patient__merged_into_id")
    return {(system, value): into or own for system, value, own, into in rows}
