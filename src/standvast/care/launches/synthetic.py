"""The practice, the person and the system with which the probe walks; made at the first look."""

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import transaction

from standvast.care.launches.models import Link, System
from standvast.care.launches.patients import patient_data
from standvast.care.launches.rules.arriving import PatientClaims
from standvast.care.launches.rules.targets import Source
from standvast.kit.actor import Actor, house_actor
from standvast.registry.access.api import Role, grant_role, memberships_of
from standvast.registry.organisations.api import (
    NOBODYS_AGB,
    CodeSystem,
    Country,
    Kind,
    Organisation,
)
from standvast.registry.patients.api import register
from standvast.registry.people.api import person_by_login_name, register_person

PRACTICE_ID = uuid.UUID("00000000-0000-7000-8000-00000000c11c")
SLUG = "probe"
USER = "walker"
LOGIN_NAME = "probe.launches"
PATIENT: Mapping[str, str] = {
    "patient-id": "probe",
    "family": "Proefpersoon",
    "birth-date": "1960-01-01",
}


@transaction.atomic
def make_ready(*, issuer: str, public_key: str, now: datetime) -> None:
    """Let the probe's system in under its key of now; an earlier process's key counts no more."""
    person_id = somebody(now).person_id
    known = {"title": "Standvast", "audience": str(settings.ADDRESS), "public_key": public_key}
    system, _ = System.objects.update_or_create(slug=SLUG, defaults={"issuer": issuer, **known})
    Link.objects.get_or_create(
        system=system,
        organisation_id=PRACTICE_ID,
        user_system=SLUG,
        user_value=USER,
        defaults={"person_id": person_id},
    )


@transaction.atomic
def somebody(now: datetime) -> Actor:
    """Return whoever walks, at work at the practice that nobody sees; made at the first look."""
    Organisation.objects.get_or_create(
        id=PRACTICE_ID,
        defaults={
            "kind": Kind.PRACTICE.value,
            "name": "Standvast (proef)",
            "code_system": CodeSystem.AGB.value,
            "code": NOBODYS_AGB,
            "address_key": SLUG,
        },
    )
    person = person_by_login_name(LOGIN_NAME) or register_person(
        username=LOGIN_NAME,
        email="",
        display_name="Proef",
        password=secrets.token_urlsafe(32),
        language="nl",
    )
    if not memberships_of(person.id):
        grant_role(
            actor=house_actor(PRACTICE_ID),
            person_id=person.id,
            organisation_id=PRACTICE_ID,
            role=Role.GP,
            now=now,
        )
    return Actor(person.id, PRACTICE_ID, Role.GP.value, organisation_kind=Kind.PRACTICE.value)


def a_patient(now: datetime) -> uuid.UUID:
    """Return the patient that nobody sees, in the register of that practice."""
    told = msgspec.convert(dict(PATIENT), PatientClaims)
    data = patient_data(told, country=Country.NL.value)
    return register(actor=house_actor(PRACTICE_ID), data=data, now=now).patient_id


def values_of_nobody(*, task: str) -> Mapping[Source, str]:
    """Return what a walk hands over: somebody made up, at the practice that nobody sees."""
    return {
        Source.ORIGIN: str(settings.ADDRESS),
        Source.TASK: task,
        Source.USER: USER,
        Source.USER_NAME: "Proef",
        Source.ROLE: Role.GP.value,
        Source.ORGANISATION: NOBODYS_AGB,
        Source.ORGANISATION_SYSTEM: CodeSystem.AGB.value,
        Source.ORGANISATION_NAME: "Standvast (proef)",
        Source.PATIENT: str(PRACTICE_ID),
        Source.FAMILY: PATIENT["family"],
        Source.BIRTH_DATE: PATIENT["birth-date"],
        Source.SEX: "unknown",
    }
