"""The practice, the person and the app with which the probe walks; made at the first look."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from standvast.kit.actor import house_actor
from standvast.registry.access.api import Role, grant_role, memberships_of
from standvast.registry.grants.models import App, AppUse, Consent
from standvast.registry.grants.places import issuer
from standvast.registry.grants.queries.apps import PROBES_APP, PROBES_PRACTICE
from standvast.registry.grants.rules.proving import Proof
from standvast.registry.organisations.api import NOBODYS_AGB, CodeSystem, Kind, Organisation
from standvast.registry.people.api import Person, person_by_login_name, register_person

LOGIN_NAME = "probe.sign-on"
SCOPES = "openid profile offline_access"


def redirect_of() -> str:
    """Return where the probe's app wants its answers: nobody goes there."""
    return f"{issuer()}/grants/probe/"


@transaction.atomic
def make_ready(*, password: str, known: str, public_key: Mapping[str, Any], now: datetime) -> str:
    """Let the probe's person sign in under the password of now; return its hash, as it is kept.

    `known` is the hash that the last look left: while it stands, nothing is hashed again.
    """
    Organisation.objects.get_or_create(
        id=PROBES_PRACTICE,
        defaults={
            "kind": Kind.PRACTICE.value,
            "name": "Standvast (proef)",
            "code_system": CodeSystem.AGB.value,
            "code": NOBODYS_AGB,
            "address_key": "probe",
        },
    )
    person = person_by_login_name(LOGIN_NAME) or register_person(
        username=LOGIN_NAME, email="", display_name="Proef", password=password, language="nl"
    )
    if not memberships_of(person.id):
        grant_role(
            actor=house_actor(PROBES_PRACTICE),
            person_id=person.id,
            organisation_id=PROBES_PRACTICE,
            role=Role.GP,
            now=now,
        )
    if not known or person.password != known:
        person.password = make_password(password)
        person.save(update_fields=["password"])
    _app(person, public_key, now)
    return person.password


def _app(person: Person, public_key: Mapping[str, Any], now: datetime) -> None:
    told = {
        "title": "Standvast (proef)",
        "supplier": "Standvast",
        "proof": Proof.KEY.value,
        "public_keys": [dict(public_key)],
        "redirects": [redirect_of()],
        "scopes": SCOPES,
        "is_active": True,
    }
    app, _ = App.objects.update_or_create(client_id=PROBES_APP, defaults=told)
    at: dict[str, Any] = {"app": app, "organisation_id": PROBES_PRACTICE}
    AppUse.objects.get_or_create(**at, defaults={"since_at": now})
    Consent.objects.update_or_create(
        app=app,
        person=person,
        organisation_id=PROBES_PRACTICE,
        defaults={"scopes": SCOPES, "given_at": now},
    )
