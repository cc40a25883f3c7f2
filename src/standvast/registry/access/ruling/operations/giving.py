"""What a person holds in an organisation, one change at a time: given, withheld, first, ended."""

import uuid
from datetime import datetime

from standvast.core.journal.api import Entry
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.models import Membership
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.rules import Grant, Right, Role
from standvast.registry.access.ruling.giveable import is_for
from standvast.registry.access.ruling.models import AccessRequest, PersonalRule
from standvast.registry.access.ruling.question import Holding
from standvast.registry.access.ruling.records import entry
from standvast.registry.organisations.api import organisation_view

SAID_BY_PRACTICE = (Holding.GIVEN, Holding.WITHHELD)


class ColleagueNotFound(NotFound):
    """Nobody of that id works for this organisation."""

    code = "access.colleague_not_found"


class NotForHere(Refused):
    """No role of this organisation ever has this right, or a right that this grant brings."""

    code = "access.not_for_here"


def check_for_here(organisation_id: uuid.UUID, right: Right) -> None:
    """Pass if somebody at an organisation can have a right there at all.

    :raises NotForHere: if no role of such an organisation ever has it.
    """
    if not is_for(organisation_view(organisation_id).kind, right):
        raise NotForHere(marked("Nobody at an organisation of this kind ever has this right."))


def check_works_at(person_id: uuid.UUID, organisation_id: uuid.UUID, *, now: datetime) -> None:
    """Pass if somebody works for an organisation now; locks that until the transaction ends.

    Two who change what one person holds wait for each other, and for who ends the membership.

    :raises ColleagueNotFound: if they do not.
    """
    held = Membership.objects.of_organisation(organisation_id).of_person(person_id).held_at(now)
    if held.select_for_update(no_key=True).first() is None:
        raise ColleagueNotFound(marked("This person does not work for that organisation."))


def hold(
    *, actor: Actor, person_id: uuid.UUID, grant: Grant, holding: Holding | None, now: datetime
) -> None:
    """Give, withhold or neither, in the caller's transaction, which holds `check_works_at`."""
    assert holding in (*SAID_BY_PRACTICE, None)
    PersonalRule.objects.filter(
        person_id=person_id,
        organisation_id=actor.organisation_id,
        name=grant.value,
        holding__in=SAID_BY_PRACTICE,
        ended_at=None,
    ).update(ended_at=now, ended_by_id=actor.person_id)
    if holding is not None:
        PersonalRule.objects.create(
            person_id=person_id,
            organisation_id=actor.organisation_id,
            holding=holding.value,
            name=grant.value,
            from_at=now,
            made_by_id=actor.person_id,
        )


def give_first(
    *, actor: Actor, person_id: uuid.UUID, organisation_id: uuid.UUID, role: Role, now: datetime
) -> list[Entry]:
    """Give a newcomer what only a grant brings their role, where nobody at work has that grant.

    Else a practice would begin with pages that nobody there could open or give. In the caller's
    transaction; returns the lines for its journal.
    """
    wanted = {
        right.grant
        for right in wired(RIGHTS)
        if right.grant is not None and right.is_granted_only and role in right.roles
    }
    at_work = Membership.objects.of_organisation(organisation_id).held_at(now)
    entries = []
    for grant in sorted(wanted):
        has = PersonalRule.objects.filter(
            organisation_id=organisation_id,
            holding=Holding.GIVEN,
            name=grant.value,
            ended_at=None,
            person_id__in=at_work.values("person_id"),
        )
        if has.exists():
            continue
        PersonalRule.objects.create(
            person_id=person_id,
            organisation_id=organisation_id,
            holding=Holding.GIVEN.value,
            name=grant.value,
            from_at=now,
            made_by_id=actor.person_id,
        )
        entries.append(
            entry(
                actor, "grant_given", kind="person", record_id=person_id, now=now, grant=grant.value
            )
        )
    return entries


def end_holdings(
    *, actor: Actor, person_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime
) -> None:
    """End all that somebody holds there, and take away what they asked for.

    In the transaction in which a membership ends, and in the one in which another begins: whoever
    comes back begins anew.
    """
    PersonalRule.objects.filter(
        person_id=person_id, organisation_id=organisation_id, ended_at=None
    ).update(ended_at=now, ended_by_id=actor.person_id)
    AccessRequest.objects.filter(
        person_id=person_id, organisation_id=organisation_id, answered_at=None
    ).delete()
