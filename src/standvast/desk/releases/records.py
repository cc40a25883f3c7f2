"""What every operation on a release shares: the locked row, the line in the journal."""

from datetime import datetime

from standvast.core.journal.api import entry_of, record
from standvast.desk.releases.models import Environment, Release
from standvast.desk.releases.queries.releases import ReleaseNotFound
from standvast.desk.releases.rules.road import Place
from standvast.kit.actor import Actor
from standvast.kit.words import marked


def locked(version: str) -> Release:
    """Return the release, locked until the transaction ends.

    :raises ReleaseNotFound: if there is none of this version.
    """
    row = Release.objects.select_for_update().filter(version=version).first()
    if row is None:
        raise ReleaseNotFound(marked("There is no such release."))
    return row


def put(digest: str, version: str, place: Place, now: datetime) -> None:
    """Write down that from now on this build stands there, inside the caller's transaction."""
    Environment.objects.update_or_create(
        name=place.value, defaults={"digest": digest, "version": version, "since": now}
    )


def tell(
    record_id: str,
    actor: Actor,
    *,
    event: str,
    now: datetime,
    action: str = "U",
    **detail: str | int,
) -> None:
    """Write down who did this, inside the caller's transaction."""
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"releases.{event}",
            record_kind="release",
            record_id=record_id,
            detail=detail,
        )
    )
