"""Steps on the way back, and the catching-up of lanes in numbers."""

import uuid
from datetime import datetime

from standvast.desk.incidents.models import Milestone, Recovery
from standvast.desk.incidents.records import (
    as_written,
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import Counted
from standvast.desk.incidents.rules.texts import check_text
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked


class CountsDoNotAddUp(Invalid):
    """More sent than expected, or more answered than sent."""

    code = "incidents.counts_do_not_add_up"


@atomic
def reach_milestone(
    *,
    incident_id: uuid.UUID,
    step: str,
    actor: Actor,
    now: datetime,
    needs_far_side: bool = False,
    at: datetime | None = None,
    confirmed_by: str = "",
) -> None:
    """Plan a step on the way back, or write down that it was reached or confirmed.

    Without `at` and `confirmed_by` the step is only planned.

    :raises IncidentNotFound: if there is no such incident.
    :raises TextMissing, TextTooLong: if the step has no fit name.
    """
    incident = locked(incident_id)
    name = check_text(step, chars_max=120)
    row, _ = Milestone.objects.get_or_create(incident=incident, step=name)
    row.needs_far_side = row.needs_far_side or needs_far_side
    row.at = at or row.at or (now if confirmed_by else None)
    row.confirmed_by = confirmed_by.strip()[:120] or row.confirmed_by
    row.save()
    if row.at is not None:
        write_entry(
            incident,
            EntryKind.MILESTONE,
            as_written(
                f"{name} ({row.confirmed_by})" if row.confirmed_by else name, actor.language
            ),
            now=now,
            at=row.at,
            actor=actor,
            pinned=True,
        )
    journal(incident, actor, event="milestone", now=now)


@atomic
def count_recovery(
    *, incident_id: uuid.UUID, counted: Counted, actor: Actor, now: datetime
) -> None:
    """Write down how far one lane's catching-up is; counting again replaces the figures.

    :raises IncidentNotFound: if there is no such incident.
    :raises CountsDoNotAddUp: if the figures cannot be true.
    """
    incident = locked(incident_id)
    if not counted.is_sound():
        raise CountsDoNotAddUp(
            marked("The figures do not add up: sent at most expected, answered at most sent.")
        )
    Recovery.objects.update_or_create(
        incident=incident,
        lane=counted.lane,
        defaults={
            "counted_at": now,
            "expected": counted.expected,
            "sent": counted.sent,
            "confirmed": counted.confirmed,
            "refused": counted.refused,
            "refused_owned": counted.refused_owned,
        },
    )
    write_entry(
        incident,
        EntryKind.RECOVERY,
        texts_of(
            marked(
                "{lane}: {expected} expected, {sent} sent, {confirmed} confirmed, "
                "{refused} refused."
            ),
            lane=counted.lane,
            expected=counted.expected,
            sent=counted.sent,
            confirmed=counted.confirmed,
            refused=counted.refused,
        ),
        now=now,
        actor=actor,
        source="desk" if actor.person_id else "sweep",
    )
