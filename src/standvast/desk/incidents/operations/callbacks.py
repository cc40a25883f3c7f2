"""Calling back: a fresh list for every round, an outcome per call."""

import uuid
from datetime import datetime

from standvast.desk.incidents.models import Callback
from standvast.desk.incidents.records import (
    atomic,
    journal,
    locked,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.callbacks import Outcome, callback_list, check_attempt
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.slots import reach_of
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound
from standvast.kit.words import marked

ATTEMPTS_MAX = 20


class CallbackNotFound(NotFound):
    """There is no such row."""

    code = "incidents.callback_not_found"


class TooManyAttempts(Invalid):
    """A row holds twenty attempts; a new round makes a new row."""

    code = "incidents.too_many_attempts"


@atomic
def start_round(*, incident_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """Compute the list of whom to call now, as a new round; return how many rows it has.

    Computed again each time: who is affected, open now, and which contact has the shift now.

    :raises IncidentNotFound: if there is no such incident.
    """
    incident = locked(incident_id)
    served = reach_of(incident.component, incident.variants, now)
    rows = callback_list(served.rows if served else (), now=now)
    last = incident.callbacks.order_by("-round").values_list("round", flat=True).first() or 0
    Callback.objects.bulk_create(
        Callback(
            incident=incident,
            round=last + 1,
            place=place,
            organisation_id=row.organisation_id,
            organisation_name=row.name[:120],
            contact=row.contact[:120],
            language=row.language,
            closes_at=row.open_until,
        )
        for place, row in enumerate(rows, start=1)
    )
    write_entry(
        incident,
        EntryKind.CALLBACK,
        texts_of(
            marked("Round {round} of calling back: {count} to call."),
            round=last + 1,
            count=len(rows),
        ),
        now=now,
        actor=actor,
        pinned=True,
    )
    journal(incident, actor, event="callback_round", action="C", now=now, count=len(rows))
    return len(rows)


@atomic
def record_attempt(
    *,
    callback_id: uuid.UUID,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
    undertaking_id: uuid.UUID | None = None,
) -> None:
    """Write down what a call came to. A row that was reached is done for good.

    :raises CallbackNotFound: if there is no such row.
    :raises RowDone: if somebody was reached already.
    :raises TooSoon: if the last attempt is less than ten minutes ago.
    :raises TooManyAttempts: past twenty.
    """
    row = Callback.objects.select_for_update().filter(id=callback_id).first()
    if row is None:
        raise CallbackNotFound(marked("There is no such row on the list."))
    if len(row.attempts) >= ATTEMPTS_MAX:
        raise TooManyAttempts(marked("This row was tried twenty times; start a new round."))
    attempted = [datetime.fromisoformat(attempt["at"]) for attempt in row.attempts]
    check_attempt(outcome=row.outcome, attempted=attempted, now=now)
    row.attempts = [
        *row.attempts,
        {"at": now.isoformat(), "outcome": outcome.value, "person": str(actor.person_id or "")},
    ]
    row.outcome = outcome.value
    row.undertaking_id = undertaking_id or row.undertaking_id
    if outcome is Outcome.REACHED:
        row.done_at = now
    row.save(update_fields=["attempts", "outcome", "undertaking_id", "done_at"])
    incident = locked(row.incident_id)
    journal(incident, actor, event="called_back", now=now, outcome=outcome.value)
