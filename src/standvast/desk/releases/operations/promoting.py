"""A build goes through test and acceptance, in order, before people meet it."""

from datetime import datetime

from django.db import transaction

from standvast.desk.releases.models import Passage, Release
from standvast.desk.releases.queries.road import finished_in, road_rows
from standvast.desk.releases.records import locked, put, tell
from standvast.desk.releases.rules.road import NotThere, Place, check_turn
from standvast.desk.releases.rules.states import State, check_before_start
from standvast.kit.actor import Actor
from standvast.kit.words import marked


@transaction.atomic(durable=True)
def start_in(*, version: str, place: Place, actor: Actor, now: datetime) -> None:
    """Say that this build stands in test or acceptance from now on, to be tried there.

    Again begins anew: what was finished there before no longer counts until it is finished again.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started in production.
    :raises NotItsTurn: if exactly this build was not finished in the place before.
    """
    row = _before_people(version, place)
    check_turn(place, finished_in(row))
    Passage.objects.create(
        release=row, environment=place, digest=row.digest, started_at=now, by=actor.person_id
    )
    put(row.digest, version, place, now)
    tell(version, actor, event=f"started_in_{place}", now=now, digest=row.digest)


@transaction.atomic(durable=True)
def finish_in(*, version: str, place: Place, actor: Actor, now: datetime) -> None:
    """Say that this build was tried in test or acceptance and may go on.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started in production.
    :raises NotThere: if exactly this build did not start there.
    """
    row = _before_people(version, place)
    here = (one for one in road_rows(row) if one.place is place)
    if not any(one.started_at and not one.finished_at for one in here):
        raise NotThere(marked("This build does not stand there. Start it there first."))
    last = row.passages.filter(environment=place).latest("started_at", "id")
    last.finished_at = now
    last.save(update_fields=["finished_at"])
    tell(version, actor, event=f"finished_in_{place}", now=now, digest=row.digest)


def _before_people(version: str, place: Place) -> Release:
    assert place is not Place.PRODUCTION, "production is start and finish"
    row = locked(version)
    check_before_start(State(row.state))
    return row
