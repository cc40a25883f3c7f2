"""The practice: how long it takes to find somebody among a million, and to validate its claims."""

import random
import time
import uuid
from collections.abc import Callable, Mapping, Sequence

from django.db import connection

from standvast.care.insurance.api import Quarter, prepare, quarter_of, validate
from standvast.care.insurance.seeds import seed_tariffs
from standvast.database.api import database_now, named_sql
from standvast.kit.actor import house_actor
from standvast.registry.patients.api import patients_found, search_of

PACKAGE = "standvast.drills.benches"
PATIENTS_COUNT = 1_000_000
LOOKS_COUNT = 100
CLAIMED_COUNT = 4_000
VALIDATIONS_COUNT = 5


def _words(table: str) -> tuple[str, ...]:
    return tuple(table.split())


SYLLABLES = _words("""
    van de berg jan sen vis ser bak ker mul der pe ters hen driks bos dij kstra smit wil
    lems kui per ho ek stra meij er gro ot kok post ma ri an ne lot te so fie
    tom bram nor ah lie ke jo ost
""")
Typed = Callable[[random.Random, Sequence[str], Sequence[str]], str]
"""What somebody types who looks for a person of these family and given names."""


def _day(draw: random.Random) -> str:
    return f"{draw.randint(1, 28)}-{draw.randint(1, 12)}-{draw.randint(1930, 2015)}"


KINDS: Mapping[str, Typed] = {
    "two_letters": lambda draw, family, _: draw.choice(family)[:2],
    "three_letters": lambda draw, family, _: draw.choice(family)[:3],
    "family": lambda draw, family, _: draw.choice(family),
    "beginnings": lambda draw, family, given: f"{draw.choice(family)[:3]} {draw.choice(given)[:2]}",
    "family_and_given": lambda draw, family, given: (
        f"{draw.choice(family)} {draw.choice(given)[:3]}"
    ),
    "birth_date": lambda draw, *_: _day(draw),
    "birth_date_and_name": lambda draw, family, _: f"{_day(draw)} {draw.choice(family)[:3]}",
    "number": lambda draw, *_: f"9999{draw.randint(0, 99_999):05d}",
}


def names_of(draw: random.Random) -> tuple[list[str], list[str]]:
    """Return made-up family and given names, always the same for one seed."""
    families = {"".join(draw.sample(SYLLABLES, draw.choice((2, 2, 3)))) for _ in range(20_000)}
    givens = {"".join(draw.sample(SYLLABLES, 2)) for _ in range(1_500)}
    return sorted(families), sorted(givens)


def fill(organisation_id: uuid.UUID, families: Sequence[str], givens: Sequence[str]) -> None:
    """Store a million patients of one practice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            named_sql(PACKAGE, "patients"),
            {
                "organisation_id": str(organisation_id),
                "families": list(families),
                "families_count": len(families) - 1,
                "givens": list(givens),
                "givens_count": len(givens) - 1,
                "count": PATIENTS_COUNT,
            },
        )
        cursor.execute("VACUUM ANALYZE patients_patient")


def looks_ms(
    organisation_id: uuid.UUID, draw: random.Random, families: Sequence[str], givens: Sequence[str]
) -> dict[str, list[float]]:
    """Return how long each look took, sorted, by kind of what was typed."""
    taken: dict[str, list[float]] = {}
    for kind, typed in KINDS.items():
        for _ in range(LOOKS_COUNT):
            search = search_of(typed(draw, families, givens))
            started = time.perf_counter()
            patients_found(organisation_id, search)
            taken.setdefault(kind, []).append((time.perf_counter() - started) * 1_000)
        taken[kind].sort()
    return taken


def fill_claims(organisation_id: uuid.UUID, quarter: Quarter) -> None:
    """Put 4,000 patients of one practice in a programme, with what was done in a quarter."""
    seed_tariffs()
    with connection.cursor() as cursor:
        cursor.execute(
            named_sql(PACKAGE, "claims"),
            {
                "organisation_id": str(organisation_id),
                "first_on": quarter.first_on,
                "count": CLAIMED_COUNT,
            },
        )
        for table in ("enrolment", "activity", "coverage"):
            cursor.execute(f"VACUUM ANALYZE insurance_{table}")


def validations_s(organisation_id: uuid.UUID) -> tuple[float, list[float]]:
    """Return how long it took to prepare last quarter's claims, and to validate them each time."""
    actor, now = house_actor(organisation_id), database_now()
    quarter = quarter_of(now.date()).before
    fill_claims(organisation_id, quarter)
    started = time.perf_counter()
    bundle_id = prepare(actor=actor, programme="dm2", quarter=quarter, now=now)
    prepared_s = time.perf_counter() - started
    taken = []
    for _ in range(VALIDATIONS_COUNT):
        started = time.perf_counter()
        validate(actor=actor, bundle_id=bundle_id, now=now)
        taken.append(time.perf_counter() - started)
    return prepared_s, taken
