"""Tables of incidents, split by noun."""

from standvast.desk.incidents.models.calls import Call
from standvast.desk.incidents.models.duty import Callback, Duty, Page
from standvast.desk.incidents.models.incident import Incident, NumberYear, Sighting
from standvast.desk.incidents.models.timeline import (
    Entry,
    Milestone,
    Mitigation,
    Recovery,
    SeverityChange,
    Undertaking,
)

__all__ = [
    "Call",
    "Callback",
    "Duty",
    "Entry",
    "Incident",
    "Milestone",
    "Mitigation",
    "NumberYear",
    "Page",
    "Recovery",
    "SeverityChange",
    "Sighting",
    "Undertaking",
]
