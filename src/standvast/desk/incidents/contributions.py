"""What incidents bring to the frame: rights, the rail, the lane of pages, the sweep."""

from standvast.core.delivery.api import MAIL_LANE, Lane
from standvast.core.health.api import Sweep
from standvast.desk.incidents.operations.paging import LANE
from standvast.desk.incidents.operations.sweeping import sweep_incidents
from standvast.desk.incidents.queries.lists import open_count
from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role
from standvast.web.api import RailItem

DESK = frozenset({Role.OPERATOR, Role.OPERATOR_LEAD})
RIGHTS_OF_INCIDENTS = (
    Right("desk.incidents.see", DESK, marked("see incidents")),
    Right("desk.incidents.act", DESK, marked("work on incidents")),
    Right("desk.incidents.report", frozenset(Role), marked("report a problem")),
)
RAIL_OF_INCIDENTS = (
    RailItem(
        marked("Incidents"),
        "incidents:all",
        "desk.incidents.see",
        "siren",
        count=lambda _: open_count(),
    ),
    RailItem(marked("Report a problem"), "incidents:report", "desk.incidents.report", "phone"),
)
PAGE_LANE = Lane(
    name=LANE,
    destination=MAIL_LANE.destination,
    title=marked("Pages to people on duty"),
    rate_per_s=20.0,
    burst_count=50,
    concurrency_max=4,
    attempts_max=400,
    age_s_max=86_400.0,
    lease_s=60.0,
    retention_days=90,
    breaker_after_count=20,
    breaker_pause_s=2.0,
)
SWEEP_OF_INCIDENTS = Sweep("incidents", 5.0, sweep_incidents, deadline_s=20.0)
