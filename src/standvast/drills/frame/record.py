"""Inside the installation: keep a run as a DrillRun, and let the desk report on what it met."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from standvast.database.api import database_now
from standvast.desk.incidents import api as incidents
from standvast.desk.reports import api as reports
from standvast.drills.frame.desk_case import LANGUAGES, read_log
from standvast.drills.frame.operator import drill_operator
from standvast.kit.actor import Actor

ACTION_DAYS = 30


def record_run(
    *,
    name: str,
    scale: str,
    passed: bool,
    twin_verdict: str,
    at: str,
    lines: Sequence[Mapping[str, object]],
    journal: Mapping[str, object],
) -> None:
    """Keep one run with its lines; a twin's run is kept under its own name."""
    reports.record_run(
        name=name,
        scale=scale,
        verdict="passed" if passed else "failed",
        twin_verdict=twin_verdict,
        lines=lines,
        journal=journal,
        at=datetime.fromisoformat(at),
        actor=drill_operator(),
        now=database_now(),
    )


def report_of_run(*, package: str, proof: str) -> dict[str, Any]:
    """End what the live track broke, as its operator would, and lint the report about it.

    `live` in the drill's log.yaml holds the components, trigger, cause, guard, fix and action.
    Returns how many incidents the report is about, how many faults it has, and the first few.
    """
    told = read_log(package)["live"]
    components = set(told["components"])
    actor, now = drill_operator(), database_now()
    found = [row for row in incidents.open_incidents(now) if row.component in components]
    for row in found:
        _brought_to_its_end(row, told, proof=proof, actor=actor, now=now)
    if not found:
        return {"incidents": 0, "faults": 1, "said": ["there was no incident to report on"]}
    ids = [row.id for row in found]
    faults = []
    for language in LANGUAGES:
        lead, written_at = reports.AuthorRole.LEAD, database_now()
        reports.make_report(
            incident_ids=ids, language=language, author_role=lead, actor=actor, now=written_at
        )
        made = reports.report_of(ids, language, lead, written_at)
        faults += [f"{language}: {fault}" for fault in reports.lint(made)]
    return {"incidents": len(found), "faults": len(faults), "said": faults[:3]}


def _brought_to_its_end(
    row: incidents.IncidentRow,
    told: Mapping[str, str],
    *,
    proof: str,
    actor: Actor,
    now: datetime,
) -> None:
    if row.state is incidents.State.REPORTED:
        incidents.acknowledge(incident_id=row.id, actor=actor, now=now)
    incidents.set_cause(
        incident_id=row.id,
        trigger=told["trigger"],
        cause=told["cause"],
        guard=told["guard"],
        actor=actor,
        now=now,
    )
    incidents.add_entry(
        incident_id=row.id,
        kind=incidents.EntryKind.FIX,
        text=told["fix"],
        actor=actor,
        now=now,
    )
    if row.state is not incidents.State.RESTORED:
        incidents.move(incident_id=row.id, target=incidents.State.RESTORED, actor=actor, now=now)
    reports.add_action(
        incident_id=row.id,
        kind="prevent",
        text=told["action"],
        owner="producteigenaar",
        due_on=(now + timedelta(days=ACTION_DAYS)).date(),
        proof_kind="drill",
        proof=proof,
        actor=actor,
        now=now,
    )
