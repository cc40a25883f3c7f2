"""Breaking the glass: a right in an emergency, with a reason, for an hour, reviewed by another."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.access.rights import right_named
from standvast.registry.access.rules import ROLES_BY_KIND, Right
from standvast.registry.access.ruling.models import PersonalRule
from standvast.registry.access.ruling.operations.giving import check_works_at
from standvast.registry.access.ruling.question import GLASS_START, Holding, Purpose
from standvast.registry.access.ruling.records import tell
from standvast.registry.access.ruling.rules import GLASS_DAY_MAX, GLASS_MINUTES
from standvast.registry.access.sessions import CHANNEL
from standvast.registry.organisations.api import organisation_view


class GlassNotBreakable(Refused):
    """This is not given to anybody in an emergency."""

    code = "access.glass_not_breakable"


class GlassTooOften(Refused):
    """One person opens this over and over."""

    code = "access.glass_too_often"


class GlassNotFound(NotFound):
    """No such broken glass waits for a review here."""

    code = "access.glass_not_found"


class OwnGlass(Refused):
    """Nobody reviews their own."""

    code = "access.own_glass"


def check_breakable(actor: Actor, right: Right) -> None:
    """Pass if somebody like this may take this right in an emergency.

    :raises GlassNotBreakable: if the right is not for that, or nobody here ever has it.
    """
    roles = ROLES_BY_KIND[organisation_view(actor.organisation_id).kind]
    is_for_here = bool(right.roles & set(roles)) and actor.helping_from is None
    if not right.is_breakable or not is_for_here or actor.person_id is None:
        raise GlassNotBreakable(marked("This cannot be opened in an emergency from here."))


@transaction.atomic(durable=True)
def break_glass(*, actor: Actor, right: str, purpose: Purpose, why: str, now: datetime) -> None:
    """Take a right for an hour, in an emergency; the journal and a review tell of it and why.

    Safe to repeat: while it is open it is not broken a second time.

    :raises GlassNotBreakable: if this right, or who asks, is not for emergencies.
    :raises GlassTooOften: past eight within a day.
    :raises ColleagueNotFound: if the person works here no longer.
    """
    check_breakable(actor, right_named(right))
    assert actor.person_id is not None
    check_works_at(actor.person_id, actor.organisation_id, now=now)
    mine = PersonalRule.objects.filter(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        holding=Holding.GLASS,
        from_at__gt=now - timedelta(days=1),
    )
    if mine.filter(name=right, ended_at=None, until_at__gt=now).exists():
        return
    if mine.count() >= GLASS_DAY_MAX:
        raise GlassTooOften(
            marked("You opened this {count} times within a day. Ask a colleague to look first."),
            count=GLASS_DAY_MAX,
        )
    PersonalRule.objects.create(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        holding=Holding.GLASS,
        name=right,
        why=why,
        purpose=purpose.value,
        from_at=now,
        until_at=now + timedelta(minutes=GLASS_MINUTES),
        made_by_id=actor.person_id,
    )
    wake(CHANNEL, str(actor.person_id))
    tell(
        actor,
        "glass_broken",
        kind="person",
        record_id=actor.person_id,
        now=now,
        action="E",
        purpose=GLASS_START + purpose.value,
        right=right,
    )


@transaction.atomic(durable=True)
def review_glass(*, actor: Actor, glass_id: uuid.UUID, was_right: bool, now: datetime) -> None:
    """Say whether it was right; if not, what is left of the hour ends now.

    :raises GlassNotFound: if nothing of that id waits here.
    :raises OwnGlass: for one's own.
    """
    row = (
        PersonalRule.objects.select_for_update()
        .filter(id=glass_id, organisation_id=actor.organisation_id, holding=Holding.GLASS)
        .filter(reviewed_at=None)
        .first()
    )
    if row is None:
        raise GlassNotFound(marked("Nothing of that kind waits for a review here."))
    if row.person_id == actor.person_id:
        raise OwnGlass(marked("You do not review what you did yourself. Ask a colleague."))
    row.reviewed_at, row.reviewed_by_id, row.was_right = now, actor.person_id, was_right
    if not was_right and row.ended_at is None:
        row.ended_at, row.ended_by_id = now, actor.person_id
    row.save(update_fields=["reviewed_at", "reviewed_by", "was_right", "ended_at", "ended_by"])
    wake(CHANNEL, str(row.person_id))
    tell(
        actor,
        "glass_reviewed",
        kind="person",
        record_id=row.person_id,
        now=now,
        right=row.name,
        purpose=GLASS_START + row.purpose if row.purpose else "",
        was_right=int(was_right),
    )
