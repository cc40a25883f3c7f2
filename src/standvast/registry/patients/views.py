"""How others see a patient: frozen rows, made from the tables'."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from standvast.registry.patients.models import Patient
from standvast.registry.patients.rules import Name, NameUse, Sex, System, full_name, listed_name


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient in a list; no numbers."""

    id: uuid.UUID
    name: Name
    birth_on: date
    sex: Sex
    address_line: str

    @property
    def listed(self) -> str:
        """The name as a list sorts it."""
        return listed_name(self.name)


@dataclass(frozen=True, slots=True)
class PatientView:
    """A patient, whole. `numbers` holds those of doubles merged into this one, too."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: Name
    birth_on: date
    sex: Sex
    street: str
    house_number: str
    postcode: str
    city: str
    country: str
    email: str
    telephone: str
    representative: str
    representative_telephone: str
    insurer: str
    insured_number: str
    numbers: tuple[tuple[System, str], ...]
    merged: tuple[PatientRow, ...]
    merged_into: uuid.UUID | None
    version: int

    @property
    def full_name(self) -> str:
        """The name as it is said."""
        return full_name(self.name)

    @property
    def address_line(self) -> str:
        """The address on one line."""
        return address_line(self.street, self.house_number, self.postcode, self.city)


def address_line(street: str, house_number: str, postcode: str, city: str) -> str:
    """Return an address on one line; parts that are not known are left out."""
    parts = (f"{street} {house_number}".strip(), f"{postcode} {city}".strip())
    return ", ".join(part for part in parts if part)


def name_of(row: Patient) -> Name:
    """Return the name in a row."""
    return Name(
        row.family,
        row.given,
        row.initials,
        row.prefix,
        row.partner_family,
        row.partner_prefix,
        NameUse(row.name_use),
    )


def row_of(row: Patient) -> PatientRow:
    """Return a row for a list."""
    line = address_line(row.street, row.house_number, row.postcode, row.city)
    return PatientRow(row.id, name_of(row), row.birth_on, Sex(row.sex), line)


def view_of(
    row: Patient, doubles: Iterable[Patient], numbers: Sequence[tuple[System, str]]
) -> PatientView:
    """Return a patient whole; `numbers` are those of the row and of its doubles."""
    return PatientView(
        id=row.id,
        organisation_id=row.organisation_id,
        name=name_of(row),
        birth_on=row.birth_on,
        sex=Sex(row.sex),
        street=row.street,
        house_number=row.house_number,
        postcode=row.postcode,
        city=row.city,
        country=row.country,
        email=row.email,
        telephone=row.telephone,
        representative=row.representative,
        representative_telephone=row.representative_telephone,
        insurer=row.insurer,
        insured_number=row.insured_number,
        numbers=tuple(numbers),
        merged=tuple(row_of(one) for one in doubles),
        merged_into=row.merged_into_id,
        version=row.version,
    )
