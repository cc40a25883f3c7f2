"""The practice, the person and the system with which the probe walks; made at the first look."""

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from standvast.care.launches.models import Link, System
from standvast.kit.actor import house_actor
from standvast.registry.access.api import Role, grant_role, memberships_of
from standvast.registry.organisations.api import NOBODYS_AGB, CodeSystem, Kind, Organisation
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
    known = {"title": "Standvast", "audience": str(settings.ADDRESS), "public_key": public_key}
    system, _ = System.objects.update_or_create(slug=SLUG, defaults={"issuer": issuer, **known})
    Link.objects.get_or_create(
        system=system,
        organisation_id=PRACTICE_ID,
        user_system=SLUG,
        user_value=USER,
        defaults={"person_id": person.id},
    )
