"""A patient comes into the register, and what is known of them is corrected."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import CharField
from django.utils import timezone

from standvast.core.delivery.api import publish
from standvast.events.patients import PatientCorrected, PatientRegistered
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked
from standvast.registry.organisations.api import Country, check_postcode
from standvast.registry.patients.known import holder_among, holders_of
from standvast.registry.patients.models import Identifier, Patient
from standvast.registry.patients.rows import check_changes, locked, save_found, tell
from standvast.registry.patients.rules import (
    Name,
    Sex,
    System,
    check_birth,
    check_insurer,
    check_number,
)

LENGTHS: Mapping[str, int] = {
    field.name: field.max_length
    for field in Patient._meta.concrete_fields
    if isinstance(field, CharField) and field.max_length
}
"""How long each text may be."""


class PageOutOfDate(Refused):
    """Somebody changed the patient since this page was shown. Nothing was written."""

    code = "patients.page_out_of_date"


class TextNotRight(Invalid):
    """Something was written with signs that cannot be read or stored. It is not repeated."""

    code = "patients.text_not_right"


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

    :raises NumberNotRight, BirthNotRight, AddressNotRight, TextNotRight: if something cannot be.
    :raises NumberTaken: if who has the record number has another number of the country.
    """
    fields, numbers = checked(data, now)
    known = _known(actor.organisation_id, numbers)
    if known is not None:
        return Registered(known, is_new=False)
    row = Patient(organisation_id=actor.organisation_id, **fields)
    try:
        with transaction.atomic():
            save_found(row, is_new=True)
            _write_numbers(row, numbers)
    except IntegrityError:  # another process registered the same number just now
        known = _known(actor.organisation_id, numbers)
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
    :raises RightMissing: if a rule lets the actor change no record.
    """
    check_changes(actor)
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
        raise NumberTaken(_taken()) from None
    tell(actor, row.id, "U", "patients.corrected", now, version=row.version)
    publish(PatientCorrected(row.id, actor.organisation_id, row.version, now), now=now)


def checked(data: PatientData, now: datetime) -> tuple[dict[str, object], dict[System, str]]:
    """Return the fields of a row and the numbers, as they are stored.

    :raises NumberNotRight, BirthNotRight, AddressNotRight, TextNotRight: if something cannot be.
    """
    name = data.name
    numbers = {
        system: check_number(system, value) for system, value in data.numbers.items() if value
    }
    fields: dict[str, object] = {
        "family": _text(name.family),
        "given": _text(name.given),
        "initials": _text(name.initials),
        "prefix": _text(name.prefix),
        "partner_family": _text(name.partner_family),
        "partner_prefix": _text(name.partner_prefix),
        "name_use": name.use.value,
        "birth_on": check_birth(data.birth_on, today=timezone.localdate(now)),
        "sex": data.sex.value,
        "street": _text(data.street),
        "house_number": _text(data.house_number),
        "postcode": check_postcode(data.country, data.postcode) if data.postcode else "",
        "city": _text(data.city),
        "country": data.country.value,
        "email": _text(data.email),
        "telephone": _text(data.telephone),
        "representative": _text(data.representative),
        "representative_telephone": _text(data.representative_telephone),
        "insurer": check_insurer(data.insurer),
        "insured_number": _text(data.insured_number),
    }
    if any(len(str(fields[name])) > length for name, length in LENGTHS.items()):
        raise TextNotRight(marked("Something in this is too long."))
    return fields, numbers


def readable(text: str, field: str) -> str:
    """Return what of a text a field of the register can hold, for who cannot be asked to mend it.

    Signs that nobody can read are left out, and what is too long is cut.
    """
    plain = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return plain[: LENGTHS[field]].strip()


def _known(organisation_id: uuid.UUID, numbers: Mapping[System, str]) -> uuid.UUID | None:
    """Return whose numbers these are, if anybody's.

    :raises NumberTaken: if they say that somebody else is meant.
    """
    found = holder_among(holders_of(organisation_id, [numbers]), numbers)
    if found is not None and found.is_another_than(numbers):
        raise NumberTaken(_taken())
    return found.patient_id if found else None


def _taken() -> str:
    return marked("Another patient has this number. Look them up: perhaps it is the same one.")


def _text(text: str) -> str:
    """Return text as it is stored, on one line.

    :raises TextNotRight: if there is something in it that nobody can read.
    """
    plain = " ".join(text.split())
    if not plain.isprintable():
        raise TextNotRight(marked("There is a sign in this that cannot be written down."))
    return plain


def _write_numbers(row: Patient, numbers: Mapping[System, str]) -> None:
    Identifier.objects.bulk_create(
        Identifier(
            patient=row, organisation_id=row.organisation_id, system=system.value, value=value
        )
        for system, value in sorted(numbers.items())
    )
