"""Reads for pages and reports: frozen rows, never live models."""

from standvast.desk.incidents.queries.detail import (
    CallbackRow,
    CallRow,
    ChangeRow,
    EntryRow,
    IncidentView,
    MilestoneRow,
    MitigationRow,
    RecoveryRow,
    UndertakingRow,
    incident_view,
)
from standvast.desk.incidents.queries.lists import (
    IncidentRow,
    day_start,
    ended_incidents,
    open_count,
    open_incidents,
    public_entries,
)

__all__ = [
    "CallRow",
    "CallbackRow",
    "ChangeRow",
    "EntryRow",
    "IncidentRow",
    "IncidentView",
    "MilestoneRow",
    "MitigationRow",
    "RecoveryRow",
    "UndertakingRow",
    "day_start",
    "ended_incidents",
    "incident_view",
    "open_count",
    "open_incidents",
    "public_entries",
]
