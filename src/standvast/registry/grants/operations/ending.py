"""A grant ends, once and for good, with every token that came of it."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.grants.digests import digest_of
from standvast.registry.grants.models import Consent, Grant, Token
from standvast.registry.grants.operations.registering import KIND


class GrantNotFound(NotFound):
    """The person gave nothing like it."""

    code = "grants.not_found"


@transaction.atomic(durable=True)
def take_back(*, actor: Actor, app_id: uuid.UUID, now: datetime) -> int:
    """End all that the actor gave to an app, wherever they work; return how many grants.

    The app is asked about again when it next comes. Felt at once: every use of a token looks here.

    :raises GrantNotFound: if the actor gave it nothing.
    """
    assert actor.person_id is not None
    mine = list(
        Grant.objects.select_for_update()
        .filter(app_id=app_id, person_id=actor.person_id, ended_at=None)
        .order_by("id")
    )
    agreed, _ = Consent.objects.filter(app_id=app_id, person_id=actor.person_id).delete()
    if not mine and not agreed:
        raise GrantNotFound(marked("You did not let this app in."))
    for grant in mine:
        end(grant, why="taken_back", now=now)
    record(
        entry_of(
            actor,
            at=now,
            action="D",
            event="grants.taken_back",
            record_kind=KIND,
            record_id=app_id,
            detail={"count": len(mine)},
        )
    )
    return len(mine)


@transaction.atomic(durable=True)
def give_back(*, app_id: uuid.UUID, token: str, now: datetime) -> bool:
    """End the grant of a token that its own app hands in; return whether there was one."""
    found = Token.objects.filter(digest=digest_of(token), grant__app_id=app_id).first()
    grant = (
        Grant.objects.select_for_update().filter(id=found.grant_id, ended_at=None).first()
        if found
        else None
    )
    if grant is None:
        return False
    end(grant, why="given_back", now=now)
    tell_ended(grant, now=now)
    return True


def end(grant: Grant, *, why: str, now: datetime) -> None:
    """End a grant that the caller has locked, in the caller's transaction."""
    grant.ended_at, grant.ended_for = now, why
    grant.save(update_fields=["ended_at", "ended_for"])


def tell_ended(grant: Grant, *, now: datetime, outcome: int = 0) -> None:
    """Tell in the organisation's journal that a grant ended by itself or by its app."""
    record(
        entry_of(
            Actor(grant.person_id, grant.organisation_id, "app"),
            at=now,
            action="D",
            event="grants.ended",
            record_kind=KIND,
            record_id=grant.app_id,
            outcome=outcome,
            detail={"why": grant.ended_for},
        )
    )
