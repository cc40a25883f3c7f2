"""Patients for the demo: made up, with names as Dutch and Belgian people write them."""

import random
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count, islice

from django.db import transaction
from stdnum.nl import bsn

from standvast.kit.actor import house_actor
from standvast.registry.patients.operations.entering import enter_many
from standvast.registry.patients.operations.registering import PatientData, checked
from standvast.registry.patients.rules import Name, NameUse, Sex, System

PATIENTS_COUNT = 200
BSNS_FROM = 999_991_000
"""Numbers that begin with 9999 are nobody's; the first of them belong to the tests."""
BORN_FROM, BORN_DAYS = date(1932, 1, 1), 34_000
_FAMILIES = (
    ("", "Jansen"), ("de", "Vries"), ("van den", "Berg"), ("", "Bakker"), ("van", "Dijk"),
    ("", "Visser"), ("de", "Boer"), ("", "Yılmaz"), ("van der", "Meer"), ("", "El Idrissi"),
    ("'t", "Hart"), ("", "Hofstra"), ("", "Peeters"), ("", "De Smet"), ("", "Van den Broeck"),
    ("", "Lefèvre"), ("", "D'Hondt"), ("", "Claes"),
)  # fmt: skip
_GIVEN = {
    Sex.FEMALE: ("Anna", "Fatima", "Sofie", "Johanna", "Zoë", "Emma", "Aïcha", "Lotte", "Maria"),
    Sex.MALE: ("Jan", "Pieter", "Mehmet", "Daan", "Luc", "Willem", "Noé", "Youssef", "Bram"),
}
_STREETS = (("Lindelaan", "3571AB"), ("Kerkstraat", "3581RA"), ("Biltstraat", "3572BA"))
_PARTNERED = 0.3


@transaction.atomic
def seed_patients(organisation_id: uuid.UUID, *, now: datetime, seed: int = 2026) -> int:
    """Register made-up patients in a Dutch practice; return how many are new: again none is."""
    draw = random.Random(seed)
    numbers = islice(bsns(), PATIENTS_COUNT)
    entries = [checked(_somebody(draw, number), now) for number in numbers]
    made = enter_many(actor=house_actor(organisation_id), entries=entries, now=now)
    return sum(one.is_new for one in made)


def bsns() -> Iterator[str]:
    """Yield numbers that pass the test and are nobody's."""
    return (str(number) for number in count(BSNS_FROM) if bsn.is_valid(str(number)))


def _somebody(draw: random.Random, number: str) -> PatientData:
    sex = draw.choice(tuple(_GIVEN))
    (prefix, family), (partner_prefix, partner) = draw.sample(_FAMILIES, 2)
    given, use = draw.choice(_GIVEN[sex]), draw.choice(tuple(NameUse))
    street, postcode = draw.choice(_STREETS)
    name = Name(family, given, f"{given[0]}.", prefix)
    if draw.random() < _PARTNERED:
        name = Name(family, given, f"{given[0]}.", prefix, partner, partner_prefix, use)
    return PatientData(
        name=name,
        birth_on=BORN_FROM + timedelta(days=draw.randrange(BORN_DAYS)),
        sex=sex,
        street=street,
        house_number=str(draw.randint(1, 180)),
        postcode=postcode,
        city="Utrecht",
        numbers={System.BSN: number},
    )
