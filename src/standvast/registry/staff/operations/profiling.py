"""What somebody does and when they are there: said by themselves, or by who manages the staff."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import NotAllowed, NotFound
from standvast.kit.words import marked
from standvast.registry.access.api import Colleague, colleague, may_record
from standvast.registry.staff.models import Absence, Profile
from standvast.registry.staff.rules import (
    Days,
    Function,
    check_absence,
    check_functions,
)


class NotYourProfile(NotAllowed):
    """Somebody else's, and the actor does not manage the staff."""

    code = "staff.not_your_profile"


class AbsenceNotFound(NotFound):
    """No such absence of this person here."""

    code = "staff.absence_not_found"


def may_change(actor: Actor, one: Colleague) -> bool:
    """Whether the actor may say what this colleague does and when."""
    return actor.person_id == one.person_id or may_record(actor, "access.staff", "colleague")


@transaction.atomic(durable=True)
def set_profile(
    *,
    actor: Actor,
    membership_id: uuid.UUID,
    functions: Collection[Function],
    workdays: Collection[int],
    now: datetime,
) -> None:
    """Say what somebody does, and on which days of the week they are there.

    :raises ColleagueNotFound: if nobody works here under this membership.
    :raises NotYourProfile: if it is somebody else's and the actor does not manage the staff.
    :raises TooManyFunctions: past three.
    """
    check_functions(functions)
    one = _mine(actor, membership_id, now=now)
    Profile.objects.update_or_create(
        person_id=one.person_id,
        organisation_id=actor.organisation_id,
        defaults={
            "functions": sorted({function.value for function in functions}),
            "workdays": sorted(set(workdays)),
        },
    )
    _record(actor, one, "staff.profile_set", "U", now=now)


@transaction.atomic(durable=True)
def add_absence(*, actor: Actor, membership_id: uuid.UUID, days: Days, now: datetime) -> uuid.UUID:
    """Say that somebody is not there for some days.

    :raises ColleagueNotFound: if nobody works here under this membership.
    :raises NotYourProfile: if it is somebody else's and the actor does not manage the staff.
    :raises AbsenceNotRight: if they run backwards, are over, too long, too far off, or taken.
    """
    one = _mine(actor, membership_id, now=now)
    # The profile is what two absences at once wait for.
    profile, _ = Profile.objects.get_or_create(
        person_id=one.person_id,
        organisation_id=actor.organisation_id,
        defaults={"workdays": [0, 1, 2, 3, 4]},
    )
    Profile.objects.select_for_update().get(id=profile.id)
    today = timezone.localdate(now)
    held = Absence.objects.filter(
        person_id=one.person_id, organisation_id=actor.organisation_id, until_on__gte=today
    )
    check_absence(days, held=[Days(row.from_on, row.until_on) for row in held], today=today)
    made = Absence.objects.create(
        person_id=one.person_id,
        organisation_id=actor.organisation_id,
        from_on=days.from_on,
        until_on=days.until_on,
    )
    _record(actor, one, "staff.absence_added", "C", now=now)
    return made.id


@transaction.atomic(durable=True)
def end_absence(
    *, actor: Actor, membership_id: uuid.UUID, absence_id: uuid.UUID, now: datetime
) -> None:
    """Somebody is there after all.

    :raises ColleagueNotFound: if nobody works here under this membership.
    :raises NotYourProfile: if it is somebody else's and the actor does not manage the staff.
    :raises AbsenceNotFound: if they have no such absence here.
    """
    one = _mine(actor, membership_id, now=now)
    mine = Absence.objects.filter(person_id=one.person_id, organisation_id=actor.organisation_id)
    if not mine.filter(id=absence_id).delete()[0]:
        raise AbsenceNotFound(marked("This absence is not there any more."))
    _record(actor, one, "staff.absence_ended", "D", now=now)


def forget_leaver(*, person_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime) -> None:
    """Forget what a leaver did and when; in the transaction that ends the membership."""
    assert connection.in_atomic_block
    del now
    whose = {"person_id": person_id, "organisation_id": organisation_id}
    Profile.objects.filter(**whose).delete()
    Absence.objects.filter(**whose).delete()


def _mine(actor: Actor, membership_id: uuid.UUID, *, now: datetime) -> Colleague:
    one = colleague(actor.organisation_id, membership_id, now=now)
    if not may_change(actor, one):
        raise NotYourProfile(
            marked("Only they themselves, and who manages the staff, may change this.")
        )
    return one


def _record(actor: Actor, one: Colleague, event: str, action: str, *, now: datetime) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=event,
            record_kind="person",
            record_id=str(one.person_id),
        )
    )
