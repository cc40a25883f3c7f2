"""Joining incidents: merged into one, or only linked as alike."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy

from standvast.desk.incidents.models import Call, Sighting
from standvast.desk.incidents.operations.moving import MergedIntoItself
from standvast.desk.incidents.operations.paging import drop_pages
from standvast.desk.incidents.operations.telling import end_telling
from standvast.desk.incidents.operations.weighing import weigh
from standvast.desk.incidents.records import (
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Reason
from standvast.desk.incidents.rules.states import OPEN, State, check_move
from standvast.kit.actor import Actor
from standvast.kit.words import marked


@atomic
def merge(*, incident_id: uuid.UUID, into_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Join an incident to another; calls and findings move along, the timeline stays.

    :raises IncidentNotFound: if either is not there.
    :raises MergedIntoItself: if they are one, or the other has ended.
    :raises MoveNotAllowed: if the first has come too far to be joined.
    """
    if incident_id == into_id:
        raise MergedIntoItself(marked("Choose another incident to merge into."))
    both = {found.id: found for found in (locked(one) for one in sorted((incident_id, into_id)))}
    gone, kept = both[incident_id], both[into_id]
    if State(kept.state) not in OPEN:
        raise MergedIntoItself(marked("That incident is over; reopen it first."))
    check_move(State(gone.state), State.MERGED, say=gettext_lazy)
    gone.state, gone.merged_into = State.MERGED.value, kept
    gone.save(update_fields=["state", "merged_into"])
    Call.objects.filter(incident=gone).update(incident=kept)
    Sighting.objects.filter(incident=gone).update(incident=kept)
    kept.seen_variants = sorted({*kept.seen_variants, *gone.seen_variants})
    kept.whole_red = kept.whole_red or (gone.whole_red and gone.component == kept.component)
    if kept.variants and gone.component == kept.component:
        kept.variants = sorted({*kept.variants, *gone.variants}) if gone.variants else []
    kept.counted_from = min(kept.counted_from, gone.counted_from)
    kept.save(update_fields=["seen_variants", "whole_red", "variants", "counted_from"])
    drop_pages(gone, now=now, only_unacknowledged=False)
    end_telling(gone, State.MERGED, actor=actor, now=now)
    for one, other in ((gone, kept), (kept, gone)):
        write_entry(
            one,
            EntryKind.MERGED,
            texts_of(
                marked("{first} was merged into {second}."), first=gone.number, second=kept.number
            ),
            now=now,
            actor=actor,
        )
        journal(one, actor, event="merged", now=now, other=other.number)
    weigh(kept, reason=Reason.CALLERS, actor=actor, now=now)


@atomic
def mark_same_as(
    *, incident_id: uuid.UUID, earlier_id: uuid.UUID, actor: Actor, now: datetime
) -> None:
    """Link an incident to an earlier one that it resembles; nothing is joined.

    :raises IncidentNotFound: if either is not there.
    :raises MergedIntoItself: if they are one.
    """
    if incident_id == earlier_id:
        raise MergedIntoItself(marked("Choose another incident."))
    incident = locked(incident_id)
    earlier = locked(earlier_id)
    incident.same_as = earlier
    incident.save(update_fields=["same_as"])
    write_entry(
        incident,
        EntryKind.NOTE,
        texts_of(marked("Same as {number}."), number=earlier.number),
        now=now,
        actor=actor,
    )
    journal(incident, actor, event="same_as", now=now, other=earlier.number)
