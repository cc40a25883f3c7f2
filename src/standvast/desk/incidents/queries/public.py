"""What everybody may see of incidents: no names, no organisations, only words meant for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from standvast.desk.incidents.models import Entry, Incident
from standvast.desk.incidents.operations.paging import severity_of
from standvast.desk.incidents.queries.lists import next_due, title_of
from standvast.desk.incidents.rules.states import ENDED, HIDDEN, OPEN, PUBLIC_WORD, State
from standvast.desk.status.api import PublicEntry, PublicUpdate

DAYS_AFTER = 14
INCIDENTS_MAX = 50
UPDATES_MAX = 1_000


def public_entries(now: datetime) -> Sequence[PublicEntry]:
    """Return open incidents that people were told of and those solved in 14 days; at most 50."""
    shown = Q(state__in=[state.value for state in OPEN]) | Q(
        state__in=[state.value for state in ENDED],
        solved_at__gt=now - timedelta(days=DAYS_AFTER),
    )
    found = list(
        Incident.objects.filter(shown, audience="external", entries__public=True)
        .exclude(state__in=[state.value for state in HIDDEN])
        .distinct()
        .order_by("-declared_at")[:INCIDENTS_MAX]
    )
    due = next_due([incident.id for incident in found])
    updates: dict[object, list[Entry]] = {}
    entries = Entry.objects.filter(public=True, incident__in=found).order_by("-at", "-id")
    for entry in entries[:UPDATES_MAX]:
        updates.setdefault(entry.incident_id, []).append(entry)
    return [
        PublicEntry(
            id=str(incident.id),
            number=incident.number,
            titles=_titles(incident.component),
            state=PUBLIC_WORD[State(incident.state)],
            impact=severity_of(incident).value,
            components=(incident.component,),
            began_at=incident.began_at,
            updates=tuple(
                PublicUpdate(str(entry.id), entry.at, _word_at(incident, entry.at), entry.texts)
                for entry in updates.get(incident.id, ())
            ),
            resolved_at=incident.solved_at,
            next_news_at=due.get(incident.id),
        )
        for incident in found
    ]


def _titles(component: str) -> dict[str, str]:
    said = {}
    for language in ("nl", "fr", "en"):
        with translation.override(language):
            said[language] = gettext(title_of(component))
    return said


def _word_at(incident: Incident, at: datetime) -> str:
    """Return Statuspage's word for how the incident stood at an instant."""
    stamps = (
        (incident.solved_at, "resolved"),
        (incident.restored_at, "monitoring"),
        (incident.cause_known_at, "identified"),
        (incident.mitigated_at, "identified"),
    )
    for stamp, word in stamps:
        if stamp is not None and stamp <= at:
            return word
    return "investigating"
