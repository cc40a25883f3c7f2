"""For other modules' tests, drills and seeds: organisations made up on the spot."""

import itertools

from standvast.registry.organisations.fiction import Practice, Somebody, fictitious_practices
from standvast.registry.organisations.models import Organisation
from standvast.registry.organisations.rules import CodeSystem, Country, Kind, address_key

__all__ = ["Practice", "Somebody", "an_organisation", "fictitious_practices"]

_numbers = itertools.count(1)


def an_organisation(
    *,
    kind: Kind = Kind.PRACTICE,
    name: str = "",
    code: str | None = None,
    code_system: CodeSystem | None = None,
    street: str = "Lindelaan",
    house_number: str = "",
    postcode: str = "3521AB",
    city: str = "Utrecht",
    country: Country = Country.NL,
    language: str = "nl",
    email: str = "",
    is_active: bool = True,
) -> Organisation:
    """Return a stored organisation, different from all others unless told."""
    number = next(_numbers)
    if code is None:
        coded = kind in (Kind.PRACTICE, Kind.POST, Kind.PHARMACY)
        code_system = CodeSystem.AGB if coded else CodeSystem.NONE
        code = f"{98_000_000 + number:08d}" if coded else ""
    house_number = house_number or str(number)
    return Organisation.objects.create(
        kind=kind.value,
        name=name or f"{kind.value.title()} {number}",
        code_system=(code_system or CodeSystem.AGB).value,
        code=code,
        street=street,
        house_number=house_number,
        postcode=postcode,
        city=city,
        country=country.value,
        address_key=address_key(
            country=country, street=street, house_number=house_number, postcode=postcode
        ),
        email=email or f"balie@organisatie-{number}.example",
        language=language,
        is_active=is_active,
    )
