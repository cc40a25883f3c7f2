"""Reads: frozen views of organisations."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.organisations.models import Organisation
from standvast.registry.organisations.rules import NOBODYS_AGB, CodeSystem, Kind

FOUND_MAX = 50
SEARCH_WORDS_MAX = 6
VIEWS_MAX = 10_000


class OrganisationNotFound(NotFound):
    """No such organisation."""

    code = "organisations.not_found"


@dataclass(frozen=True)
class OrganisationView:
    """An organisation as others see it."""

    id: uuid.UUID
    kind: Kind
    name: str
    code_system: str
    code: str
    street: str
    house_number: str
    postcode: str
    city: str
    country: str
    address_key: str
    email: str
    telephone: str
    language: str
    is_active: bool

    @property
    def address_line(self) -> str:
        """The address on one line, as it is written on an envelope."""
        spaced = self.postcode
        if len(spaced) == 6:
            spaced = f"{spaced[:4]} {spaced[4:]}"
        first = f"{self.street} {self.house_number}".strip()
        second = f"{spaced} {self.city}".strip()
        return ", ".join(part for part in (first, second) if part)


def _view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        id=row.id,
        kind=Kind(row.kind),
        name=row.name,
        code_system=row.code_system,
        code=row.code,
        street=row.street,
        house_number=row.house_number,
        postcode=row.postcode,
        city=row.city,
        country=row.country,
        address_key=row.address_key,
        email=row.email,
        telephone=row.telephone,
        language=row.language,
        is_active=row.is_active,
    )


def organisation_view(organisation_id: uuid.UUID) -> OrganisationView:
    """Return one organisation.

    :raises OrganisationNotFound: if there is none.
    """
    row = Organisation.objects.filter(id=organisation_id).first()
    if row is None:
        raise OrganisationNotFound(marked("There is no such organisation."))
    return _view(row)


def organisation_with_code(system: CodeSystem, code: str) -> OrganisationView | None:
    """Return who has this number in a register, if they take part."""
    row = Organisation.objects.at_work().filter(code_system=system.value, code=code).first()
    return None if row is None else _view(row)


def organisation_views(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, OrganisationView]:
    """Return those that exist, by id; at most 10,000 at a time."""
    assert len(ids) <= VIEWS_MAX, "ask in batches"
    return {row.id: _view(row) for row in Organisation.objects.filter(id__in=ids)}


def organisations_of_kinds(*kinds: Kind, limit: int = VIEWS_MAX) -> tuple[OrganisationView, ...]:
    """Return those of these kinds that take part, by name."""
    rows = (
        Organisation.objects.of_kinds(kinds)
        .at_work()
        .exclude(code=NOBODYS_AGB)
        .order_by("name", "id")[:limit]
    )
    return tuple(_view(row) for row in rows)


def search_organisations(text: str, *kinds: Kind) -> tuple[OrganisationView, ...]:
    """Return at most 50 that fit every word of `text`, by name.

    A word fits a name that holds it, a town, a code or a postcode that begins with it. An empty
    search finds nothing: the office looks for somebody, it does not leaf through.
    """
    wanted = text.strip()[:80]
    if not wanted:
        return ()
    found = Organisation.objects.of_kinds(kinds or tuple(Kind))
    whole = wanted.replace(" ", "")
    numbered = Q(code__startswith=whole) | Q(postcode__startswith=whole.upper())
    worded = Q()
    for word in wanted.replace(",", " ").split()[:SEARCH_WORDS_MAX]:
        worded &= (
            Q(name__icontains=word)
            | Q(city__istartswith=word)
            | Q(code__startswith=word)
            | Q(postcode__startswith=word.upper())
        )
    rows = (
        found.filter(worded | numbered).exclude(code=NOBODYS_AGB).order_by("name", "id")[:FOUND_MAX]
    )
    return tuple(_view(row) for row in rows)


def house_id() -> uuid.UUID:
    """Return the organisation that runs this installation; the nil id while there is none."""
    found = Organisation.objects.of_kinds([Kind.PLATFORM]).order_by("id").first()
    return found.id if found else uuid.UUID(int=0)
