"""What happens by itself as time passes: pages fall due, acknowledgements expire."""

import uuid
from datetime import datetime

from django.db import transaction

from standvast.desk.incidents.models import Incident, Undertaking
from standvast.desk.incidents.operations.paging import (
    plan_page,
    send_due,
    severity_of,
)
from standvast.desk.incidents.operations.weighing import weigh
from standvast.desk.incidents.records import desk_actor, locked, texts_of, write_entry
from standvast.desk.incidents.rules.behaviour import UNDERTAKING_WARNING, may_page_for_age
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import Reason
from standvast.desk.incidents.rules.states import UNMENDED, State
from standvast.desk.incidents.slots import window
from standvast.kit.words import marked

INCIDENTS_AT_ONCE = 100
UNMENDED_STATES = [state.value for state in UNMENDED]


def sweep_incidents(now: datetime) -> None:
    """Expire acknowledgements, warn of and page for undertakings, look again, send due pages.

    Each step is a transaction of its own; repeating at the same instant changes nothing.
    """
    expired = Incident.objects.filter(state__in=UNMENDED_STATES, acknowledged_until__lte=now)
    for incident_id in list(expired.values_list("id", flat=True)[:INCIDENTS_AT_ONCE]):
        with transaction.atomic():
            _expire(locked(incident_id), now)
    for undertaking_id in _undertakings_near(now):
        with transaction.atomic():
            _watch_undertaking(undertaking_id, now)
    logged = Incident.objects.filter(state__in=UNMENDED_STATES, log_over_since__isnull=False)
    for incident_id in list(logged.values_list("id", flat=True)[:INCIDENTS_AT_ONCE]):
        with transaction.atomic():
            weigh(locked(incident_id), reason=Reason.LOG, actor=desk_actor("watch"), now=now)
    with transaction.atomic():
        send_due(now=now)


def _expire(incident: Incident, now: datetime) -> None:
    until, since = incident.acknowledged_until, incident.acknowledged_at
    if until is None or since is None or until > now or State(incident.state) not in UNMENDED:
        return
    if not may_page_for_age(severity_of(incident), now, window()):
        return
    entries = incident.entries.filter(recorded_at__gt=since, person_id__isnull=False)
    template = (
        marked("Acknowledged {minutes} minutes ago; entries since, but not renewed.")
        if entries.exists()
        else marked("Acknowledged {minutes} minutes ago by the first line, no entry since.")
    )
    write_entry(
        incident,
        EntryKind.EXPIRED,
        texts_of(template, minutes=int((now - since).total_seconds() // 60)),
        now=now,
        actor=desk_actor("watch"),
        source="sweep",
    )
    incident.acknowledged_until = None
    incident.save(update_fields=["acknowledged_until"])
    plan_page(incident, role="second_line", why="expired", due_at=now)


def _undertakings_near(now: datetime) -> list[uuid.UUID]:
    near = Undertaking.objects.filter(
        settled_at=None, missed_at=None, due_at__lte=now + UNDERTAKING_WARNING
    )
    return list(near.values_list("id", flat=True)[:INCIDENTS_AT_ONCE])


def _watch_undertaking(undertaking_id: uuid.UUID, now: datetime) -> None:
    row = (
        Undertaking.objects.select_for_update(of=("self",))
        .select_related("incident")
        .get(id=undertaking_id)
    )
    if row.settled_at is not None or row.missed_at is not None:
        return
    if now >= row.due_at:
        row.missed_at = now
        template, kind = marked("Missed: news for {to} was due."), EntryKind.MISSED
        plan_page(row.incident, role="first_line", why="undertaking", due_at=row.due_at)
    elif row.warned_at is None:
        row.warned_at = now
        template, kind = marked("News for {to} is due in ten minutes."), EntryKind.UNDERTAKING
    else:
        return
    row.save(update_fields=["missed_at", "warned_at"])
    write_entry(
        row.incident,
        kind,
        texts_of(template, to=row.to),
        now=now,
        actor=desk_actor("watch"),
        source="sweep",
        pinned=kind is EntryKind.MISSED,
    )
