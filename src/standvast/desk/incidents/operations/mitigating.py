"""What makes it bearable meanwhile: workarounds, and functions closed by hand."""

import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from standvast.desk.incidents.models import Incident, Mitigation
from standvast.desk.incidents.operations.composing import within
from standvast.desk.incidents.operations.moving import advance
from standvast.desk.incidents.records import (
    IncidentNotFound,
    as_written,
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.states import State
from standvast.desk.incidents.rules.texts import check_text
from standvast.desk.status import api as status
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

NOTE_CHARS_MAX = 2_000


class CoversTooMany(Invalid):
    """More people helped than are affected."""

    code = "incidents.covers_too_many"


@dataclass(frozen=True)
class Help:
    """A workaround as it is written down."""

    kind: str
    text: str
    covered_count: int | None = None
    affected_count: int | None = None
    rest_is_listed: bool = False
    owner: str = ""
    ends_on: date | None = None
    closure_id: uuid.UUID | None = None

    @property
    def helps_all(self) -> bool:
        """Whether nobody who is affected is left without."""
        covered = self.covered_count is not None and self.covered_count == self.affected_count
        return self.kind == "closure" or self.rest_is_listed or covered


@atomic
def add_mitigation(
    *,
    incident_id: uuid.UUID,
    kind: str,
    text: str,
    actor: Actor,
    now: datetime,
    covered_count: int | None = None,
    affected_count: int | None = None,
    rest_is_listed: bool = False,
    owner: str = "",
    ends_on: date | None = None,
    at: datetime | None = None,
) -> uuid.UUID:
    """Record what makes it bearable. The incident is mitigated only when all are helped.

    All: as many covered as affected, or the rest stands on the callback list.

    :raises IncidentNotFound: if there is no such incident.
    :raises CoversTooMany: if more are covered than affected.
    :raises TextMissing, TextTooLong, HoldsPatientNumber: if the text cannot be kept.
    """
    if covered_count is not None and covered_count > (affected_count or covered_count):
        raise CoversTooMany(marked("More are helped than are affected: check the figures."))
    found = Help(
        kind=kind,
        text=check_text(text, chars_max=NOTE_CHARS_MAX),
        covered_count=covered_count,
        affected_count=affected_count,
        rest_is_listed=rest_is_listed,
        owner=owner.strip()[:80],
        ends_on=ends_on,
    )
    return mitigate(locked(incident_id), found, at=at or now, actor=actor, now=now)


def mitigate(
    incident: Incident, found: Help, *, at: datetime, actor: Actor, now: datetime
) -> uuid.UUID:
    """Write down what makes it bearable, inside the caller's transaction; `incident` is locked."""
    row = Mitigation.objects.create(incident=incident, began_at=at, **vars(found))
    write_entry(
        incident,
        EntryKind.CLOSURE if found.kind == "closure" else EntryKind.MITIGATION,
        as_written(row.text, actor.language),
        now=now,
        at=at,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="mitigated", action="C", now=now, kind=found.kind)
    if found.helps_all:
        advance(incident, State.MITIGATED, at=at, actor=actor, now=now)
    return row.id


@atomic
def close_for_incident(
    *,
    incident_id: uuid.UUID,
    function: str,
    organisation_ids: Collection[uuid.UUID] | None,
    texts: Mapping[str, str],
    reason: str,
    actor: Actor,
    now: datetime,
    owner: str = "",
    ends_on: date | None = None,
) -> uuid.UUID:
    """Close a function because of this incident, and record that as its mitigation; both or none.

    :raises IncidentNotFound: if there is no such incident.
    :raises FunctionUnknown, AlreadyClosed, TextMissing, TextTooLong, ReasonMissing,
        AudienceNotRight, TooManyOpen: as `desk.status` refuses.
    """
    incident = locked(incident_id)
    closure_id = within(status.close_function)(
        function=function,
        organisation_ids=organisation_ids,
        texts=texts,
        reason=reason,
        actor=actor,
        now=now,
        incident_id=incident.id,
    )
    found = Help(
        kind="closure",
        text=check_text(reason, chars_max=NOTE_CHARS_MAX),
        owner=owner.strip()[:80],
        ends_on=ends_on,
        closure_id=closure_id,
    )
    return mitigate(incident, found, at=now, actor=actor, now=now)


@atomic
def end_mitigation(*, mitigation_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Write down that a workaround was taken away; a closed function opens again.

    Repeating changes nothing.

    :raises IncidentNotFound: if there is no such workaround.
    """
    row = Mitigation.objects.filter(id=mitigation_id).first()
    if row is None:
        raise IncidentNotFound(marked("There is no such workaround."))
    incident = locked(row.incident_id)
    row.refresh_from_db()
    if row.ended_at is not None:
        return
    if row.closure_id is not None:
        with suppress(status.AlreadyEnded):
            within(status.reopen_function)(closure_id=row.closure_id, actor=actor, now=now)
    end_help(row, incident, at=now, actor=actor, now=now)


def end_help(
    row: Mitigation, incident: Incident, *, at: datetime, actor: Actor, now: datetime
) -> None:
    """Write down that a workaround is over, inside the caller's transaction."""
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    was_closure = row.kind == "closure"
    template = (
        marked("The function is open again.")
        if was_closure
        else marked("The workaround was taken away.")
    )
    write_entry(
        incident,
        EntryKind.CLOSURE if was_closure else EntryKind.MITIGATION,
        texts_of(template),
        now=now,
        at=at,
        actor=actor,
        pinned=was_closure,
    )
    journal(incident, actor, event="mitigation_ended", now=now)
