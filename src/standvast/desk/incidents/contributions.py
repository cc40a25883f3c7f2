"""What incidents bring: rights, the rail, the lane of pages, the sweep, figures for /metrics."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from standvast.core.delivery.api import MAIL_LANE, Lane, Subscription, subscriber_lane
from standvast.core.health.api import Figure, Sweep
from standvast.desk.incidents.operations.hearing import on_function_closed, on_function_reopened
from standvast.desk.incidents.operations.paging import LANE
from standvast.desk.incidents.operations.sweeping import sweep_incidents
from standvast.desk.incidents.queries.lists import open_count, open_incidents, overdue_count
from standvast.desk.incidents.rules.severity import SEVERITY_TITLES, Severity
from standvast.desk.status.api import OpenWork
from standvast.events.desk import FunctionClosed, FunctionReopened
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
EVENTS_LANE = subscriber_lane("incidents.events", title=marked("Events for incidents"))
SUBSCRIPTIONS_OF_INCIDENTS = (
    Subscription(FunctionClosed, EVENTS_LANE.name, on_function_closed),
    Subscription(FunctionReopened, EVENTS_LANE.name, on_function_reopened),
)
SWEEP_OF_INCIDENTS = Sweep("incidents", 5.0, sweep_incidents, deadline_s=20.0)


LOOKS = {Severity.CRITICAL: "harm", Severity.MAJOR: "harm", Severity.MINOR: "late"}


def open_work(now: datetime) -> Sequence[OpenWork]:
    """Return open incidents for the desk's first page, gravest first."""
    return tuple(
        OpenWork(
            number=row.number,
            address=reverse("incidents:one", args=[row.number]),
            title=row.title,
            severity_title=SEVERITY_TITLES[row.severity],
            state_title=row.state_title,
            look=LOOKS.get(row.severity, "info"),
            found_at=row.found_at,
            next_due_at=row.next_due_at,
            is_taken=row.acknowledged_until is not None and row.acknowledged_until > now,
        )
        for row in open_incidents(now)
    )


def figures_of_incidents(now: datetime) -> Sequence[Figure]:
    """Return open incidents by severity, and undertakings that are overdue; no personal labels."""
    rows = open_incidents(now)
    return (
        *(
            Figure(
                "standvast_incident_open",
                float(sum(1 for row in rows if row.severity is severity)),
                {"severity": severity.value},
                "Open incidents by what they ask of us.",
            )
            for severity in Severity
        ),
        Figure(
            "standvast_undertaking_overdue",
            float(overdue_count(now)),
            help="Next updates that were promised and are overdue.",
        ),
    )
