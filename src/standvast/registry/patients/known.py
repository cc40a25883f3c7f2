"""Reads: whose numbers these are, and what else is known of them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.rules import System

Pair = tuple[str, str]
"""A register and a number in it, as they are stored."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a number: the row that stands, with what its doubles have as well."""

    patient_id: uuid.UUID
    births: frozenset[date]
    numbers: frozenset[Pair]

    def is_another_than(self, numbers: Mapping[System, str]) -> bool:
        """Whether these numbers say that somebody else is meant.

        A register of the country gives one number to one person. A practice may give a record
        number to somebody new when another has left.
        """
        return any(
            (system.value, value) not in self.numbers
            and any(known == system.value for known, _ in self.numbers)
            for system, value in numbers.items()
            if system is not System.RECORD
        )


def holders_of(
    organisation_id: uuid.UUID, all_numbers: Iterable[Mapping[System, str]]
) -> dict[Pair, Holder]:
    """Return who has these numbers in an organisation; of a double, whom it was merged into."""
    values = {value for numbers in all_numbers for value in numbers.values()}
    own = Identifier.objects.filter(organisation_id=organisation_id)
    wanted = own.filter(system__in=[system.value for system in System], value__in=values)
    of_row = wanted.annotate(standing=Coalesce("patient__merged_into", "patient"))
    standing_of: dict[Pair, uuid.UUID] = {
        (system, value): standing
        for system, value, standing in of_row.values_list("system", "value", "standing")
    }
    people = set(standing_of.values())
    rows = Patient.objects.of_organisation(organisation_id).filter(
        Q(id__in=people) | Q(merged_into__in=people)
    )
    births: dict[uuid.UUID, set[date]] = {}
    numbers_of: dict[uuid.UUID, set[Pair]] = {}
    born = rows.annotate(standing=Coalesce("merged_into", "id"))
    for standing, birth_on in born.values_list("standing", "birth_on"):
        births.setdefault(standing, set()).add(birth_on)
    held = own.filter(patient__in=rows.values("id")).annotate(
        standing=Coalesce("patient__merged_into", "patient")
    )
    for standing, system, value in held.values_list("standing", "system", "value"):
        numbers_of.setdefault(standing, set()).add((system, value))
    holders = {
        one: Holder(one, frozenset(births[one]), frozenset(numbers_of[one])) for one in people
    }
    return {pair: holders[one] for pair, one in standing_of.items()}


def holder_among(known: Mapping[Pair, Holder], numbers: Mapping[System, str]) -> Holder | None:
    """Return who has one of these numbers; a register of the country goes before the practice's."""
    in_order = sorted(numbers.items(), key=lambda pair: (pair[0] is System.RECORD, pair[0]))
    pairs = ((system.value, value) for system, value in in_order)
    return next((known[pair] for pair in pairs if pair in known), None)
