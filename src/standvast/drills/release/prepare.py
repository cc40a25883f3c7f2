"""Inside the installation: practices with GPs, a record system, people who sign in by e-mail."""

import uuid
from typing import Any

from django.conf import settings
from django.utils import timezone

from standvast.care.insurance.api import quarter_of
from standvast.care.launches.api import know_system
from standvast.database.api import database_now
from standvast.drills.frame.operator import drill_operator
from standvast.kit.ids import uuid7
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, prepare_sessions
from standvast.registry.organisations.api import Organisation, organisation_views

ISSUER = "https://records.drill.example"


def prepare(*, people_count: int, public_key: str) -> dict[str, Any]:
    """Make a record system known, prepare sessions, add who signs in by e-mail address."""
    know_system(
        actor=drill_operator(),
        slug="drill-records",
        title="Oefen-HIS",
        issuer=ISSUER,
        public_key=public_key,
        telephone="000-1234567",
        now=database_now(),
    )
    prepared = prepare_sessions(people_count, role=Role.GP)
    organisations = organisation_views([one.organisation_id for one in prepared])
    quarter = quarter_of(timezone.localdate()).before
    return {
        "issuer": ISSUER,
        "audience": str(settings.ADDRESS),
        "practices": [
            {
                "agb": organisations[one.organisation_id].code,
                "session": one.session,
                "csrf": one.csrf,
                "address": _signs_in_by_mail(one.organisation_id),
            }
            for one in prepared
        ],
        "quarter": {
            "name": str(quarter),
            "first_on": str(quarter.first_on),
            "last_on": str(quarter.last_on),
        },
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


def _signs_in_by_mail(organisation_id: uuid.UUID) -> str:
    """Store a colleague whose login name is their e-mail address; return it."""
    address = f"oefening.{uuid7().hex}@practice.example"
    practice = Organisation.objects.get(id=organisation_id)
    a_colleague(Role.ASSISTANT, practice, username=address, email=address, name="Oefening")
    return address
