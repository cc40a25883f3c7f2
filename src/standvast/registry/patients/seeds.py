"""Patients for the demo: made up, with names as Dutch and Belgian people write them."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count, islice

from django.db import transaction
from stdnum.nl import bsn

from standvast.kit.actor import house_actor
from standvast.registry.organisations.api import Country
from standvast.registry.patients.models import Patient
from standvast.registry.patients.operations.entering import enter_many
from standvast.registry.patients.operations.registering import PatientData, checked
from standvast.registry.patients.rules import Name, NameUse, Sex, System

PATIENTS_COUNT = 200
BSNS_FROM = 999_991_000
"""Numbers that begin with 9999 are nobody's; the first of them belong to the tests."""
INSZ_SERIALS = (900, 998)
"""No day has that many births of one sex, so numbers that end so are nobody's: our assumption."""
BORN_FROM, BORN_DAYS = date(1932, 1, 1), 34_000
OF_AGE_YEARS = 18
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
_STREETS = {
    Country.NL: (
        ("Lindelaan", "3571AB", "Utrecht"),
        ("Kerkstraat", "3581RA", "Utrecht"),
        ("Biltstraat", "3572BA", "Utrecht"),
    ),
    Country.BE: (
        ("Naamsestraat", "3000", "Leuven"),
        ("Rue de Fer", "5000", "Namur"),
        ("Dorpsstraat", "3010", "Kessel-Lo"),
    ),
}
_PARTNERED = 0.3


@transaction.atomic
def seed_patients(
    organisation_id: uuid.UUID,
    *,
    now: datetime,
    seed: int = 2026,
    country: Country = Country.NL,
) -> int:
    """Register made-up patients in a practice; return how many are new: again none is."""
    draw = random.Random(seed)
    people = [_somebody(draw, country) for _ in range(PATIENTS_COUNT)]
    dutch = islice(bsns(), PATIENTS_COUNT)
    numbered = [
        replace(one, numbers={System.BSN: next(dutch)})
        if country is Country.NL
        else replace(one, numbers={System.INSZ: insz_of(one.birth_on, one.sex, place)})
        for place, one in enumerate(people)
    ]
    entries = [checked(one, now) for one in numbered]
    made = enter_many(actor=house_actor(organisation_id), entries=entries, now=now)
    return sum(one.is_new for one in made)


def grown_ups_of(organisation_id: uuid.UUID, *, now: datetime) -> tuple[uuid.UUID, ...]:
    """Return who of a practice is of age for sure, in the order in which they were registered."""
    rows = Patient.objects.of_organisation(organisation_id)
    of_age = rows.filter(birth_on__year__lt=now.year - OF_AGE_YEARS).order_by("id")
    return tuple(of_age.values_list("id", flat=True))


def insz_of(born_on: date, sex: Sex, place: int) -> str:
    """Return a number that passes the test and is nobody's; even ends are women's."""
    first, last = INSZ_SERIALS
    serial = first + 2 * (place % ((last - first) // 2)) + (sex is not Sex.FEMALE)
    nine = f"{born_on:%y%m%d}{serial:03}"
    prefix = "2" if born_on.year >= 2000 else ""
    return f"{nine}{97 - int(prefix + nine) % 97:02}"


def bsns() -> Iterator[str]:
    """Yield numbers that pass the test and are nobody's."""
    return (str(number) for number in count(BSNS_FROM) if bsn.is_valid(str(number)))


def _somebody(draw: random.Random, country: Country) -> PatientData:
    sex = draw.choice(tuple(_GIVEN))
    (prefix, family), (partner_prefix, partner) = draw.sample(_FAMILIES, 2)
    given, use = draw.choice(_GIVEN[sex]), draw.choice(tuple(NameUse))
    street, postcode, city = draw.choice(_STREETS[country])
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
        city=city,
        country=country,
    )
