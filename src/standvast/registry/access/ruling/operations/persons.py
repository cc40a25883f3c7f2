"""What people hold beside their role: given or withheld by the practice, or an exception."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import Entry, record_many
from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound, Refused
from standvast.kit.words import marked
from standvast.registry.access.models import Membership
from standvast.registry.access.rights import right_named
from standvast.registry.access.rules import Grant
from standvast.registry.access.ruling.cedar import Ruleset
from standvast.registry.access.ruling.giveable import grants_for
from standvast.registry.access.ruling.models import PersonalRule
from standvast.registry.access.ruling.models import Ruleset as Version
from standvast.registry.access.ruling.operations.giving import (
    SAID_BY_PRACTICE,
    ColleagueNotFound,
    NotForHere,
    check_for_here,
    check_works_at,
    hold,
)
from standvast.registry.access.ruling.question import HERE, Holding, Layer
from standvast.registry.access.ruling.records import entry, tell
from standvast.registry.access.ruling.reports import shown_of
from standvast.registry.access.ruling.rules import Loss, check_end
from standvast.registry.access.sessions import CHANNEL
from standvast.registry.organisations.api import organisation_view

__all__ = [
    "ColleagueNotFound",
    "ExceptionNotFound",
    "NotForHere",
    "NotToOneself",
    "TooManyExceptions",
    "end_exception",
    "end_unneeded",
    "except_everybody",
    "except_person",
    "make_exception",
    "set_grant",
]

EXCEPTIONS_MAX = 2_000


@dataclass(frozen=True)
class Terms:
    """Why an exception is made, until when, and because of which version."""

    why: str
    until_at: datetime
    version: Version | None = None


class ExceptionNotFound(NotFound):
    """There is no such open exception."""

    code = "access.exception_not_found"


class NotToOneself(Refused):
    """Nobody gives or withholds anything to themselves."""

    code = "access.not_to_oneself"


class TooManyExceptions(Refused):
    """So many exceptions are no exceptions: the rule is to be mended."""

    code = "access.too_many_exceptions"


@transaction.atomic(durable=True)
def set_grant(
    *, actor: Actor, person_id: uuid.UUID, grant: Grant, holding: Holding | None, now: datetime
) -> None:
    """Give a colleague something, withhold it, or let the role say it (None); felt at once.

    :raises NotToOneself: for oneself.
    :raises NotForHere: if no right of this kind of organisation asks for this grant.
    :raises ColleagueNotFound: if nobody of that id works here.
    """
    _check_not_oneself(actor, person_id)
    if grant not in grants_for(organisation_view(actor.organisation_id).kind):
        raise NotForHere(marked("An organisation of this kind does not have this to give."))
    check_works_at(person_id, actor.organisation_id, now=now)
    hold(actor=actor, person_id=person_id, grant=grant, holding=holding, now=now)
    wake(CHANNEL, str(person_id))
    tell(
        actor,
        f"grant_{holding.value if holding else 'ended'}",
        kind="person",
        record_id=person_id,
        now=now,
        grant=grant.value,
    )


@transaction.atomic(durable=True)
def except_person(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    right: str,
    why: str,
    until_at: datetime,
    now: datetime,
    number: int | None = None,
) -> None:
    """Let one person keep a right until an instant, whatever the rules say; again moves the end.

    Both journals tell it: the desk's and that of the organisation the person works for.

    :raises NotToOneself: for oneself.
    :raises EndNotRight: if it has no end within 90 days.
    :raises NotForHere: if nobody at such an organisation ever has this right.
    :raises ColleagueNotFound: if the person does not work there.
    :raises TooManyExceptions: if 2,000 are open.
    """
    make_exception(
        actor=actor,
        loss=Loss(person_id, organisation_id, right_named(right).name),
        terms=Terms(why, until_at, _version(number)),
        now=now,
    )


def make_exception(*, actor: Actor, loss: Loss, terms: Terms, now: datetime) -> None:
    """Keep an exception and tell it in both journals, last in the caller's transaction.

    :raises NotToOneself: for oneself.
    :raises EndNotRight: if it has no end within 90 days.
    :raises NotForHere: if nobody at such an organisation ever has this right.
    :raises ColleagueNotFound: if the person does not work there.
    :raises TooManyExceptions: if 2,000 are open.
    """
    _check_not_oneself(actor, loss.person_id)
    check_end(terms.until_at, now=now)
    check_works_at(loss.person_id, loss.organisation_id, now=now)
    check_for_here(loss.organisation_id, right_named(loss.right))
    _check_room(1, now=now)
    _tell_both(actor, "exception_made", _except(actor, loss, terms, now=now), now=now)


@transaction.atomic(durable=True)
def except_everybody(
    *, actor: Actor, number: int, why: str, until_at: datetime, now: datetime
) -> int:
    """Let everybody who would lose something by a version keep it; return how many it were.

    Those who did not call as well: the report has their names. Whoever makes them is left out: a
    colleague signs that off.

    :raises EndNotRight: if it has no end within 90 days.
    :raises TooManyExceptions: if more than 2,000 would be open.
    """
    check_end(until_at, now=now)
    shown = shown_of(number, now=now)
    unsigned = shown.unsigned if shown else frozenset()
    losses = sorted(
        (loss for loss in unsigned if loss.person_id != actor.person_id), key=lambda loss: loss.key
    )
    _check_room(len(losses), now=now)
    terms = Terms(why, until_at, _version(number))
    made = [_except(actor, loss, terms, now=now) for loss in losses]
    for row in made:
        wake(CHANNEL, str(row.person_id))
    record_many([one for row in made for one in _entries(actor, "exception_made", row, now=now)])
    return len({row.person_id for row in made})


def _version(number: int | None) -> Version | None:
    return Version.objects.filter(number=number).first() if number else None


def _check_not_oneself(actor: Actor, person_id: uuid.UUID) -> None:
    if person_id == actor.person_id:
        raise NotToOneself(marked("You cannot change your own access. Ask a colleague."))


def _check_room(count: int, *, now: datetime) -> None:
    open_ones = PersonalRule.objects.filter(
        holding=Holding.EXCEPTION, ended_at=None, until_at__gt=now
    )
    if open_ones.count() + count > EXCEPTIONS_MAX:
        raise TooManyExceptions(marked("So many exceptions are open that the rule must be mended."))


def _except(actor: Actor, loss: Loss, terms: Terms, *, now: datetime) -> PersonalRule:
    PersonalRule.objects.select_for_update().filter(
        person_id=loss.person_id,
        organisation_id=loss.organisation_id,
        holding=Holding.EXCEPTION,
        name=loss.right,
        ended_at=None,
    ).update(ended_at=now, ended_by_id=actor.person_id)
    return PersonalRule.objects.create(
        person_id=loss.person_id,
        organisation_id=loss.organisation_id,
        holding=Holding.EXCEPTION,
        name=loss.right,
        why=terms.why,
        ruleset=terms.version,
        from_at=now,
        until_at=terms.until_at,
        made_by_id=actor.person_id,
    )


@transaction.atomic(durable=True)
def end_exception(*, actor: Actor, exception_id: uuid.UUID, now: datetime) -> None:
    """End an exception before its time.

    :raises ExceptionNotFound: if there is no such open one.
    """
    row = (
        PersonalRule.objects.select_for_update()
        .filter(id=exception_id, holding=Holding.EXCEPTION, ended_at=None)
        .first()
    )
    if row is None:
        raise ExceptionNotFound(marked("There is no such open exception."))
    row.ended_at, row.ended_by_id = now, actor.person_id
    row.save(update_fields=["ended_at", "ended_by"])
    _tell_both(actor, "exception_ended", row, now=now)


def end_unneeded(*, actor: Actor, rules: Ruleset, now: datetime) -> Sequence[Entry]:
    """End exceptions for what these rules give anyway, inside the caller's transaction.

    Return the lines for the journals: the structural fix removes its workaround.
    """
    open_ones = PersonalRule.objects.select_for_update().filter(
        holding=Holding.EXCEPTION, ended_at=None
    )
    entries: list[Entry] = []
    for row in open_ones.order_by("id")[:EXCEPTIONS_MAX]:
        holder = _actor_of(row, now=now)
        if (
            holder is None
            or rules.decide(holder, row.name, layer=Layer.ROUTE, record=HERE).is_allowed
        ):
            row.ended_at, row.ended_by_id = now, actor.person_id
            row.save(update_fields=["ended_at", "ended_by"])
            wake(CHANNEL, str(row.person_id))
            entries.extend(_entries(actor, "exception_not_needed", row, now=now))
    return entries


def _actor_of(row: PersonalRule, *, now: datetime) -> Actor | None:
    held = Membership.objects.of_organisation(row.organisation_id).of_person(row.person_id)
    membership = held.held_at(now).select_related("organisation").first()
    if membership is None:
        return None
    names = PersonalRule.objects.filter(
        person_id=row.person_id, organisation_id=row.organisation_id, ended_at=None
    ).filter(holding__in=SAID_BY_PRACTICE)
    return Actor(
        row.person_id,
        row.organisation_id,
        membership.role,
        organisation_kind=membership.organisation.kind,
        held=frozenset(Holding(one.holding).of(one.name) for one in names),
    )


def _tell_both(actor: Actor, event: str, row: PersonalRule, *, now: datetime) -> None:
    wake(CHANNEL, str(row.person_id))
    record_many(_entries(actor, event, row, now=now))


def _entries(actor: Actor, event: str, row: PersonalRule, *, now: datetime) -> list[Entry]:
    """Return the line for the actor's own journal, and for that of where the person works."""
    there = replace(actor, organisation_id=row.organisation_id)
    tellers = [actor] if there.organisation_id == actor.organisation_id else [actor, there]
    return [
        entry(teller, event, kind="person", record_id=row.person_id, now=now, right=row.name)
        for teller in tellers
    ]
