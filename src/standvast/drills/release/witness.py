"""Inside the installation: what the desk saw, what it told, and what it lets be called solved."""

from datetime import UTC, datetime
from typing import Any

from standvast.core.health.api import findings_between, open_findings
from standvast.database.api import database_now
from standvast.desk.incidents import api as incidents
from standvast.drills.frame.operator import drill_operator
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused

Told = dict[str, Any]


def findings(*, since: float, until: float) -> list[Told]:
    """Return what probes found in a span, oldest first, as epoch seconds and names."""
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (since, until))
    return [
        {
            "target": found.target,
            "variant": found.variant,
            "probe": found.probe,
            "opened_at": found.opened_at.timestamp(),
        }
        for found in findings_between(begin, end)
        if found.probe and found.opened_at >= begin
    ]


def red_already(*, components: list[str]) -> list[str]:
    """Return what is found of these components, or of what they lean on, at this moment."""
    return sorted(
        f"{found.target}/{found.variant}"
        for found in open_findings(database_now())
        if found.target.partition(">")[0] in components
    )


def tellings(*, components: list[str], since: float) -> list[Told]:
    """Return of each incident since: when it became major, and when people were told.

    One about these components may be older: what breaks next joins the one that is open.
    """
    now = database_now()
    begin = datetime.fromtimestamp(since, UTC)
    told = []
    for row in incidents.open_incidents(now):
        if row.found_at < begin and row.component not in components:
            continue
        view = incidents.incident_view(row.number, now)
        major = [c.at for c in view.changes if c.after is not incidents.Severity.MINOR]
        told.append(
            {
                "component": row.component,
                "audience": row.audience,
                "major_at": min(major).timestamp() if major else None,
                "told_at": view.told_at.timestamp() if view.told_at else None,
            }
        )
    return told


def solve_while_red(*, components: list[str]) -> list[Told]:
    """Try to have each incident about these called solved; return what came of it."""
    actor = drill_operator()
    return [
        _tried(row, actor)
        for row in incidents.open_incidents(database_now())
        if row.component in components
    ]


def _tried(row: incidents.IncidentRow, actor: Actor) -> Told:
    """Walk an incident to its end as somebody would who trusts a quiet log."""
    incidents.acknowledge(incident_id=row.id, actor=actor, now=database_now())
    incidents.set_cause(
        incident_id=row.id,
        trigger="De oefening.",
        cause="De oefening.",
        guard="De lopers zagen het.",
        actor=actor,
        now=database_now(),
    )
    incidents.add_entry(
        incident_id=row.id,
        kind=incidents.EntryKind.FIX,
        text="In het log is niets meer te zien.",
        actor=actor,
        now=database_now(),
    )
    try:
        for state in (incidents.State.RESTORED, incidents.State.SOLVED):
            incidents.move(incident_id=row.id, target=state, actor=actor, now=database_now())
    except Refused as refused:
        incidents.move(
            incident_id=row.id,
            target=incidents.State.INVESTIGATING,
            reason="De lopers zien het nog.",
            actor=actor,
            now=database_now(),
        )
        return {"component": row.component, "is_solved": False, "said": str(refused)}
    return {"component": row.component, "is_solved": True, "said": ""}
