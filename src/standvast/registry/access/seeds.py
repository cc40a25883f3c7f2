"""Rows for the demo and the drills: made-up practices with their people, and the personas."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from standvast.kit.ids import uuid7
from standvast.registry.access.rules import Grant, Role
from standvast.registry.access.ruling.question import Holding
from standvast.registry.organisations.api import Country, Kind, Organisation, address_key
from standvast.registry.organisations.testing import Practice, fictitious_practices
from standvast.registry.people.api import Person

SINCE = datetime(2023, 9, 1, tzinfo=UTC)
PERSONA_PASSWORD = "standvast-demo"  # noqa: S105 - printed at start, for the demo only

_ORGANISATIONS: LiteralString = """
    COPY organisations_organisation (id, kind, name, code_system, code, street, house_number,
    postcode, city, country, address_key, email, telephone, language, is_active) FROM STDIN"""
_PEOPLE: LiteralString = """
    COPY people_person (id, username, email, display_name, password, language,
    is_active, is_persona) FROM STDIN"""
_MEMBERSHIPS: LiteralString = """
    COPY access_membership (id, person_id, organisation_id, role, held_from) FROM STDIN"""
_HELD: LiteralString = """
    COPY access_personalrule (id, person_id, organisation_id, holding, name, why, from_at)
    FROM STDIN"""


@dataclass(frozen=True)
class SeededPractice:
    """What was stored for one made-up practice."""

    organisation_id: uuid.UUID
    gp_id: uuid.UUID
    assistant_id: uuid.UUID
    practice: Practice


def practices(count: int, *, seed: int = 2026) -> tuple[SeededPractice, ...]:
    """Store made-up Dutch practices, each with a GP and an assistant who have no password.

    Run once on an empty table; the AGB numbers of a second run with more would clash.
    """
    seeded = tuple(
        SeededPractice(uuid7(), uuid7(), uuid7(), practice)
        for practice in fictitious_practices(count, seed=seed)
    )
    with transaction.atomic():
        _copy(_ORGANISATIONS, (_organisation_row(one) for one in seeded))
        _copy(_PEOPLE, (row for one in seeded for row in _people_rows(one)))
        _copy(_MEMBERSHIPS, (row for one in seeded for row in _membership_rows(one)))
        _copy(_HELD, (_held_row(one.gp_id, one.organisation_id) for one in seeded))
    return seeded


def _copy(statement: LiteralString, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _organisation_row(one: SeededPractice) -> Sequence[Any]:
    practice = one.practice
    return (
        *(one.organisation_id, Kind.PRACTICE.value, practice.name, "agb", practice.code),
        *(practice.street, practice.house_number, practice.postcode, practice.city, "NL"),
        *(practice.address_key, practice.email, practice.telephone, "nl", True),
    )


def _people_rows(one: SeededPractice) -> Iterable[Sequence[Any]]:
    for person_id, person in (
        (one.gp_id, one.practice.gp),
        (one.assistant_id, one.practice.assistant),
    ):
        email = f"{person.slug}@praktijk-{one.practice.number:05d}.example"
        unusable = make_password(None)
        yield (person_id, person.slug, email, person.name, unusable, "nl", True, False)


def _membership_rows(one: SeededPractice) -> Iterable[Sequence[Any]]:
    yield (uuid7(), one.gp_id, one.organisation_id, Role.GP.value, SINCE)
    yield (uuid7(), one.assistant_id, one.organisation_id, Role.ASSISTANT.value, SINCE)


def _held_row(person_id: uuid.UUID, organisation_id: uuid.UUID) -> Sequence[Any]:
    """Return that a GP was given the financial role, without which nobody claims."""
    given = (Holding.GIVEN.value, Grant.FINANCIAL.value)
    return (uuid7(), person_id, organisation_id, *given, "", SINCE)


@dataclass(frozen=True)
class Persona:
    """Somebody made up, whom a visitor of the demo may be with one click."""

    username: str
    email: str
    name: str
    organisation: str
    role: Role


_DE_LINDE = "Huisartsenpraktijk De Linde"
_OFFICE = "Programmabureau Griepprik (demo)"
_PLATFORM = "Standvast Demo"
PERSONAS = (
    Persona("vandam", "vandam@praktijk-delinde.example", "dokter Van Dam", _DE_LINDE, Role.GP),
    # Her user name is her e-mail address, as report 001 has them.
    Persona(
        "sanne.bakker@praktijk-delinde.example",
        "sanne.bakker@praktijk-delinde.example",
        "Sanne Bakker",
        _DE_LINDE,
        Role.ASSISTANT,
    ),
    Persona("mieke", "mieke@programmabureau.example", "Mieke de Groot", _OFFICE, Role.OFFICE),
    Persona("omar", "omar@standvast-demo.example", "Omar Haddou", _PLATFORM, Role.OPERATOR),
    Persona("lies", "lies@standvast-demo.example", "Lies Vermeer", _PLATFORM, Role.OPERATOR_LEAD),
)


@transaction.atomic
def personas() -> tuple[Persona, ...]:
    """Store the demo's personas with their organisations; again changes nothing."""
    found = {one.name: one for one in _persona_organisations()}
    password = make_password(PERSONA_PASSWORD)
    for persona in PERSONAS:
        person, is_new = Person.objects.get_or_create(
            username=persona.username,
            defaults={
                "email": persona.email,
                "display_name": persona.name,
                "password": password,
                "is_persona": True,
            },
        )
        if is_new:
            organisation_id = found[persona.organisation].id
            _copy(
                _MEMBERSHIPS,
                [(uuid7(), person.id, organisation_id, persona.role.value, SINCE)],
            )
            if persona.role is Role.GP:
                _copy(_HELD, [_held_row(person.id, organisation_id)])
    return PERSONAS


def _persona_organisations() -> Iterable[Organisation]:
    places = (
        (Kind.PRACTICE, _DE_LINDE, "agb", "01999999", "Lindelaan", "12", "3571AB", "Utrecht"),
        (Kind.OFFICE, _OFFICE, "none", "", "Kanaalweg", "93", "3526KM", "Utrecht"),
        (Kind.PLATFORM, _PLATFORM, "none", "", "Singel", "1", "7411HW", "Deventer"),
    )
    for kind, name, system, code, street, number, postcode, city in places:
        key = address_key(country=Country.NL, street=street, house_number=number, postcode=postcode)
        organisation, _ = Organisation.objects.get_or_create(
            kind=kind.value,
            name=name,
            defaults={
                "code_system": system,
                "code": code,
                "street": street,
                "house_number": number,
                "postcode": postcode,
                "city": city,
                "address_key": key,
                "email": f"info@{name.split()[-1].strip('()').lower()}.example",
            },
        )
        yield organisation
