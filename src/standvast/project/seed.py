"""The demo country: organisations, people, last season, and one season about to open."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from standvast.core.journal.api import ensure_partitions
from standvast.core.lobby.api import plan_lobby
from standvast.database.api import database_now
from standvast.desk.incidents.api import add_duty
from standvast.kit.actor import house_actor
from standvast.project.neighbours import moved, neighbours
from standvast.registry.access.api import memberships_of
from standvast.registry.access.seeds import personas, practices
from standvast.registry.agreements.api import a_demo_agreement
from standvast.registry.organisations.api import Country, Organisation
from standvast.registry.people.api import person_by_login_name

Say = Callable[[str], None]
DOORS_BEFORE = timedelta(hours=1)
OPEN_FOR = timedelta(days=30)


def seed(*, practices_count: int, opens_in_s: int, say: Say) -> None:
    """Seed an empty database; else only follow neighbours that moved."""
    now = database_now()
    ensure_partitions(now)
    if Organisation.objects.exists():
        if settings.OUTSIDE:
            moved(now)
        say("The demo country is there")
        return
    started = time.monotonic()
    personas()
    a_demo_agreement(now)
    _duty(now)
    practices(practices_count)
    if settings.OUTSIDE:
        neighbours(now)
    say(f"{practices_count} practices with their people ({time.monotonic() - started:.1f} s)")
    if "patients" in settings.PARTS:
        started = time.monotonic()
        made = _patients(now)
        say(f"{made} made-up patients ({time.monotonic() - started:.1f} s)")
    if "standvast.care.insurance" in settings.CARE:
        started = time.monotonic()
        say(f"{_visits(now)} activities of chain care ({time.monotonic() - started:.1f} s)")
    if "standvast.care.campaigns" not in settings.CARE:
        return
    started = time.monotonic()
    _season(now + timedelta(seconds=opens_in_s))
    say(f"A flu season that opens in {opens_in_s} s ({time.monotonic() - started:.1f} s)")


def _season(opens_at: datetime) -> None:
    """One season with its lobby; the lobby's seed is drawn, and its hash public, from here on."""
    from standvast.care.campaigns.seeds import seed_season

    slug = f"flu-{opens_at.year}"
    plan_lobby(
        slug=slug,
        doors_at=opens_at - DOORS_BEFORE,
        starts_at=opens_at,
        closes_at=opens_at + OPEN_FOR,
    )
    season = seed_season(
        opens_at=opens_at, doors_before=DOORS_BEFORE, open_for=OPEN_FOR, lobby=slug
    )
    assert season.slug == slug


def _patients(now: datetime) -> int:
    """Give the practice of the personas patients; return how many."""
    from standvast.registry.patients.seeds import seed_patients

    doctor = person_by_login_name("vandam")
    assert doctor is not None
    organisation_id = memberships_of(doctor.id)[0].organisation_id
    made = seed_patients(organisation_id, now=now, country=Country(settings.REGION.upper()))
    if "insurance" in settings.PARTS:
        from standvast.care.insurance.seeds import seed_care
        from standvast.registry.patients.seeds import grown_ups_of

        patient_ids = grown_ups_of(organisation_id, now=now)
        seed_care(organisation_id, patient_ids, practitioner_id=doctor.id, now=now)
    return made


def _visits(now: datetime) -> int:
    """Write down care for other patients of that practice, for its dashboard; return how much."""
    from standvast.care.insurance.seeds import seed_visits
    from standvast.registry.patients.seeds import grown_ups_of

    doctor = person_by_login_name("vandam")
    assert doctor is not None
    organisation_id = memberships_of(doctor.id)[0].organisation_id
    return seed_visits(organisation_id, grown_ups_of(organisation_id, now=now), now=now)


def _duty(now: datetime) -> None:
    """Put the demo's operators on duty for a month, so that somebody is paged."""
    for login_name, role in (
        ("omar", "first_line"),
        ("lies", "second_line"),
        ("lies", "product_owner"),
    ):
        person = person_by_login_name(login_name)
        assert person is not None
        workplace = memberships_of(person.id)[0]
        add_duty(
            role=role,
            person_id=person.id,
            address=person.email,
            from_at=now,
            until_at=now + timedelta(days=30),
            actor=house_actor(workplace.organisation_id),
            now=now,
        )
