"""What other modules may import from incidents."""

from standvast.desk.incidents.contributions import (
    EVENTS_LANE,
    PAGE_LANE,
    RAIL_OF_INCIDENTS,
    RIGHTS_OF_INCIDENTS,
    SUBSCRIPTIONS_OF_INCIDENTS,
    SWEEP_OF_INCIDENTS,
    figures_of_incidents,
    open_work,
)
from standvast.desk.incidents.operations.callbacks import record_attempt, start_round
from standvast.desk.incidents.operations.calling import (
    CallTaken,
    move_call,
    record_call,
    tell_caller,
)
from standvast.desk.incidents.operations.counting import count_recovery, reach_milestone
from standvast.desk.incidents.operations.declaring import open_incident
from standvast.desk.incidents.operations.findings import on_finding
from standvast.desk.incidents.operations.joining import merge
from standvast.desk.incidents.operations.mitigating import (
    add_mitigation,
    close_for_incident,
    end_mitigation,
)
from standvast.desk.incidents.operations.moving import (
    NotYetClosed,
    NotYetSolved,
    acknowledge,
    mark_walked,
    move,
)
from standvast.desk.incidents.operations.noting import add_entry, set_cause
from standvast.desk.incidents.operations.rota import add_duty
from standvast.desk.incidents.operations.sweeping import sweep_incidents
from standvast.desk.incidents.operations.undertaking import settle_undertaking, undertake
from standvast.desk.incidents.operations.weighing import (
    drop_override,
    override_severity,
    set_log_over,
    set_scope,
)
from standvast.desk.incidents.queries.detail import (
    check_incident,
    incident_id_of,
    incident_view,
    incident_views,
)
from standvast.desk.incidents.queries.lists import (
    IncidentRow,
    ended_incidents,
    open_count,
    open_incidents,
)
from standvast.desk.incidents.queries.public import public_entries
from standvast.desk.incidents.queries.rows import IncidentView
from standvast.desk.incidents.records import IncidentKey, IncidentNotFound, desk_actor
from standvast.desk.incidents.rules.callbacks import Outcome, ReachRow, Served
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import Counted
from standvast.desk.incidents.rules.severity import Severity
from standvast.desk.incidents.rules.states import State
from standvast.desk.incidents.slots import (
    CHANGES,
    FOLLOW_UP,
    NAMES,
    REACH,
    TEXTS,
    USAGE,
    WINDOW,
    ApprovedText,
    Change,
    FollowUp,
    Usage,
    changes_before,
    reach_of,
)

__all__ = [
    "CHANGES",
    "EVENTS_LANE",
    "FOLLOW_UP",
    "NAMES",
    "PAGE_LANE",
    "RAIL_OF_INCIDENTS",
    "REACH",
    "RIGHTS_OF_INCIDENTS",
    "SUBSCRIPTIONS_OF_INCIDENTS",
    "SWEEP_OF_INCIDENTS",
    "TEXTS",
    "USAGE",
    "WINDOW",
    "ApprovedText",
    "CallTaken",
    "Change",
    "Counted",
    "EntryKind",
    "FollowUp",
    "IncidentKey",
    "IncidentNotFound",
    "IncidentRow",
    "IncidentView",
    "NotYetClosed",
    "NotYetSolved",
    "Outcome",
    "ReachRow",
    "Served",
    "Severity",
    "State",
    "Usage",
    "acknowledge",
    "add_duty",
    "add_entry",
    "add_mitigation",
    "changes_before",
    "check_incident",
    "close_for_incident",
    "count_recovery",
    "desk_actor",
    "drop_override",
    "end_mitigation",
    "ended_incidents",
    "figures_of_incidents",
    "incident_id_of",
    "incident_view",
    "incident_views",
    "mark_walked",
    "merge",
    "move",
    "move_call",
    "on_finding",
    "open_count",
    "open_incident",
    "open_incidents",
    "open_work",
    "override_severity",
    "public_entries",
    "reach_milestone",
    "reach_of",
    "record_attempt",
    "record_call",
    "set_cause",
    "set_log_over",
    "set_scope",
    "settle_undertaking",
    "start_round",
    "sweep_incidents",
    "tell_caller",
    "undertake",
]
