"""What incidents hear from others. Each is committed together with the settle of its delivery."""

from datetime import datetime

from django.db import connection

from standvast.desk.incidents.models import Incident, Mitigation
from standvast.desk.incidents.operations.mitigating import Help, end_help, mitigate
from standvast.desk.incidents.records import desk_actor, locked
from standvast.desk.status import api as status
from standvast.events.desk import FunctionClosed, FunctionReopened


def on_function_closed(event: FunctionClosed, *, now: datetime) -> None:
    """Record a function that was closed for an incident, outside it, as its mitigation.

    Nothing to do when it was closed from the incident itself, for none, or for one that is not
    there: the desk's form of closures takes whatever number its address holds.
    """
    assert connection.in_atomic_block, "heard in the transaction that settles"
    if event.incident_id is None:
        return
    incident = Incident.objects.select_for_update().filter(id=event.incident_id).first()
    if incident is None or incident.mitigations.filter(closure_id=event.closure_id).exists():
        return
    found = Help(
        kind="closure",
        text=status.closure_reason(event.closure_id),
        closure_id=event.closure_id,
    )
    at = max(event.at, incident.declared_at)
    mitigate(incident, found, at=at, actor=desk_actor(), now=now)


def on_function_reopened(event: FunctionReopened, *, now: datetime) -> None:
    """Write down that a mitigation is over when its function was opened outside the incident."""
    assert connection.in_atomic_block, "heard in the transaction that settles"
    row = Mitigation.objects.filter(closure_id=event.closure_id).first()
    if row is None:
        return
    incident = locked(row.incident_id)
    row.refresh_from_db()
    if row.ended_at is None:
        end_help(row, incident, at=event.at, actor=desk_actor(), now=now)
