"""A patient comes into the register, and what is known of them is corrected."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from standvast.core.delivery.api import publish
from standvast.events.patients import PatientCorrected, PatientRegistered
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked
from standvast.registry.organisations.api import Country, check_postcode
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.queries import patient_with_number
from standvast.registry.patients.rows import locked, save_found, tell
from standvast.registry.patients.rules import (
    Name,
    Sex,
    System,
    check_birth,
    check_insurer,
    check_number,
)


class PageOutOfDate(Refused):
    """Somebody changed the patient since this page was shown. Nothing was written."""

    code = "patients.page_out_of_date"


class NumberTaken(Refused):
    """Another patient of this organisation has this number. Nothing was written."""

    code = "patients.number_taken"


@dataclass(frozen=True, slots=True)
class PatientData:
    """What is known of a patient; only family name and birth date must be.

    A number of which nothing is said stays as it is; an empty one is taken away.
    """

    name: Name
    birth_on: date
    sex: Sex = Sex.UNKNOWN
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    country: Country = Country.NL
    email: str = ""
    telephone: str = ""
    representative: str = ""
    representative_telephone: str = ""
    insurer: str = ""
    insured_number: str = ""
    numbers: Mapping[System, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """Whose row it is. Not `is_new` when one of the numbers was known already."""

    patient_id: uuid.UUID
    is_new: bool


@transaction.atomic(durable=True)
def register(*, actor: Actor, data: PatientData, now: datetime) -> Registered:
    """Add a patient to the register, in one step and whatever is known.

    Safe to repeat: a patient with one of these numbers is the same patient, and stays as it is.

    :raises NumberNotRight, BirthNotRight, AddressNotRight: if something cannot be.
    """
    fields, numbers = checked(data, now)
    known = patient_with_number(actor.organisation_id, numbers)
    if known is not None:
        return Registered(known, is_new=False)
    row = Patient(organisation_id=actor.organisation_id, **fields)
    try:
        with transaction.atomic():
            save_found(row, is_new=True)
            _write_numbers(row, numbers)
    except IntegrityError:  # another process registered the same number just now
        known = patient_with_number(actor.organisation_id, numbers)
        if known is None:
            raise
        return Registered(known, is_new=False)
    tell(actor, row.id, "C", "patients.registered", now)
    publish(PatientRegistered(row.id, actor.organisation_id, now), now=now)
    return Registered(row.id, is_new=True)


@transaction.atomic(durable=True)
def correct(
    *, actor: Actor, patient_id: uuid.UUID, version: int, data: PatientData, now: datetime
) -> None:
    """Replace what is known of a patient by what was handed in.

    :raises PatientNotFound: if the organisation has no such patient.
    :raises PageOutOfDate: if it is not the version that was shown.
    :raises NumberTaken: if a number is another patient's.
    """
    fields, numbers = checked(data, now)
    row = locked(actor, patient_id)
    if row.version != version:
        raise PageOutOfDate(marked("This page is out of date. Reload it and do it again."))
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    save_found(row)
    try:
        with transaction.atomic():
            row.identifiers.filter(system__in=[one.value for one in data.numbers]).delete()
            _write_numbers(row, numbers)
    except IntegrityError:
        raise NumberTaken(
            marked("Another patient has this number. Look them up: perhaps it is the same one.")
        ) from None
    tell(actor, row.id, "U", "patients.corrected", now, version=row.version)
    publish(PatientCorrected(row.id, actor.organisation_id, row.version, now), now=now)


def checked(data: PatientData, now: datetime) -> tuple[dict[str, object], dict[System, str]]:
    """Return the fields of a row and the numbers, as they are stored.

    :raises NumberNotRight, BirthNotRight, AddressNotRight: if something cannot be.
    """
    name = data.name
    numbers = {
        system: check_number(system, value) for system, value in data.numbers.items() if value
    }
    fields: dict[str, object] = {
        "family": name.family.strip(),
        "given": name.given.strip(),
        "initials": name.initials.strip(),
        "prefix": name.prefix.strip(),
        "partner_family": name.partner_family.strip(),
        "partner_prefix": name.partner_prefix.strip(),
        "name_use": name.use.value,
        "birth_on": check_birth(data.birth_on, today=timezone.localdate(now)),
        "sex": data.sex.value,
        "street": data.street.strip(),
        "house_number": data.house_number.strip(),
        "postcode": check_postcode(data.country, data.postcode) if data.postcode else "",
        "city": data.city.strip(),
        "country": data.country.value,
        "email": data.email.strip(),
        "telephone": data.telephone.strip(),
        "representative": data.representative.strip(),
        "representative_telephone": data.representative_telephone.strip(),
        "insurer": check_insurer(data.insurer),
        "insured_number": data.insured_number.strip(),
    }
    return fields, numbers


def _write_numbers(row: Patient, numbers: Mapping[System, str]) -> None:
    Identifier.objects.bulk_create(
        Identifier(
            patient=row, organisation_id=row.organisation_id, system=system.value, value=value
        )
        for system, value in sorted(numbers.items())
    )
