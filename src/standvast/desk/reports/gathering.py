"""Gathering the facts of a report from the records, and writing it from them; nothing is stored."""

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from standvast.core.health.api import COMPONENTS, findings_between
from standvast.desk.incidents.api import IncidentView, incident_views
from standvast.desk.releases.api import told_of
from standvast.desk.reports.models import Action, DrillRun
from standvast.desk.reports.rules.facts import (
    ActionFact,
    Facts,
    IncidentFact,
    LineFact,
    RecoveryFact,
    RedFact,
    RunFact,
    StepFact,
    UndertakingFact,
    canonical,
)
from standvast.desk.reports.rules.phrases import say
from standvast.desk.reports.rules.report import AuthorRole, Form, Grade, Report
from standvast.desk.reports.rules.writing import write_report
from standvast.kit.errors import Invalid
from standvast.kit.wiring import wired
from standvast.kit.words import marked

LANGUAGES = ("nl", "fr", "en")
LINES_MAX = 300
INCIDENTS_MAX = 50


class TooMany(Invalid):
    """More incidents or actions than one report holds."""

    code = "reports.too_many"


def facts_of(incident_ids: Sequence[uuid.UUID], *, now: datetime) -> Facts:
    """Return all that a report about these incidents may be made of, as of now."""
    views = sorted(incident_views(incident_ids, now), key=lambda view: view.row.number)
    assert views, "a report is about at least one incident"
    actions = _actions(incident_ids)
    incidents = tuple(_incident(view, actions.get(view.row.id, ())) for view in views)
    proofs = {action.proof for held in actions.values() for action in held}
    people = {name for view in views for name in view.people}
    return Facts(
        incidents=incidents,
        still_working=_still_working(incidents, now),
        runs=_runs(proofs),
        people=tuple(sorted(people)),
    )


def report_of(
    incident_ids: Sequence[uuid.UUID],
    language: str,
    author_role: AuthorRole,
    now: datetime,
    *,
    form: Form = Form.REPORT,
    grade: Grade = Grade.CONFIDENTIAL,
) -> Report:
    """Write a report from the records as they are now; nothing is stored.

    :raises IncidentNotFound: if one of them is not there.
    """
    if len(incident_ids) > INCIDENTS_MAX:
        raise TooMany(marked("A report holds at most {limit} incidents."), limit=INCIDENTS_MAX)
    return write_report(
        facts_of(incident_ids, now=now),
        language=language,
        author_role=author_role,
        on=timezone.localtime(now).date(),
        grade=grade,
        form=form,
    )


def _incident(view: IncidentView, actions: Sequence[ActionFact]) -> IncidentFact:
    row = view.row
    return IncidentFact(
        number=row.number,
        titles=titles_of(row.title),
        variants=row.variants,
        function_class=row.function_class,
        severity=max((change.after for change in view.changes), key=lambda s: s.rank).value,
        severities=tuple(change.after.value for change in view.changes),
        found_by=row.found_by,
        began_at=row.began_at,
        found_at=row.found_at,
        declared_at=view.declared_at,
        mitigated_at=view.mitigated_at,
        cause_known_at=view.cause_known_at,
        restored_at=row.restored_at,
        solved_at=row.solved_at,
        reopened_at=view.reopened_at,
        trigger=view.trigger,
        cause=view.cause,
        guard=view.guard,
        team=view.team,
        calls_count=len(view.calls),
        callers_count=len({call.caller_key for call in view.calls}),
        told_count=sum(1 for call in view.calls if call.told_at is not None),
        to_call_back_count=len({back.name for back in view.callbacks}),
        reached_count=len({back.name for back in view.callbacks if back.done_at is not None}),
        lines=(
            *_release_lines(row.number),
            *(
                LineFact(entry.kind.value, entry.at, dict(entry.texts))
                for entry in view.entries
                if entry.pinned and not entry.public
            ),
        )[:LINES_MAX],
        news=tuple(
            LineFact(entry.kind.value, entry.at, dict(entry.texts))
            for entry in view.entries
            if entry.public
        )[:LINES_MAX],
        undertakings=tuple(
            UndertakingFact(u.to, u.due_at, u.settled_at, u.missed_at, u.how, u.by_rhythm)
            for u in view.undertakings
            if not u.by_rhythm or u.missed_at is not None
        ),
        recoveries=tuple(
            RecoveryFact(r.lane, r.expected, r.sent, r.confirmed, r.refused)
            for r in view.recoveries
        ),
        reds=tuple(
            RedFact(_named(s.target, s.variant), s.opened_at, s.ended_at) for s in view.sightings
        ),
        steps=tuple(StepFact(m.step, m.at, m.confirmed_by) for m in view.milestones),
        actions=tuple(actions),
    )


def _release_lines(number: str) -> tuple[LineFact, ...]:
    """Return the releases that name an incident: when they ran, and each broken glass."""
    runs, glasses = told_of(number)
    return (
        *(
            LineFact("glass", glass.at, _said("glass_broken", glass.version, reason=glass.reason))
            for glass in glasses
        ),
        *(
            LineFact(
                "release",
                run.at,
                _said("release_reverted" if run.is_reverted else "release_started", run.version),
            )
            for run in runs
        ),
    )


def _said(phrase: str, version: str, **values: object) -> dict[str, str]:
    return {code: say(phrase, code, version=version, **values) for code in LANGUAGES}


def titles_of(title: str) -> dict[str, str]:
    """Return a marked title in the three languages of a report."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = gettext(title)
    return said


def _named(target: str, variant: str) -> dict[str, str]:
    """Return what was red as people call it: the component's title and its variant."""
    titles = {component.slug: component.title for component in wired(COMPONENTS)}
    named = titles_of(titles[target]) if target in titles else dict.fromkeys(LANGUAGES, target)
    return {code: f"{title}, {variant}" if variant else title for code, title in named.items()}


def _actions(incident_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[ActionFact, ...]]:
    held: dict[uuid.UUID, tuple[ActionFact, ...]] = {}
    for row in Action.objects.filter(incident_id__in=incident_ids).order_by("created_at", "id"):
        fact = ActionFact(
            text=row.text,
            owner=row.owner,
            due_on=row.due_on,
            proof_kind=row.proof_kind,
            proof=row.proof,
            is_long_term=row.is_long_term,
            no_action=row.is_none,
        )
        held[row.incident_id] = (*held.get(row.incident_id, ()), fact)
    return held


def _still_working(incidents: Sequence[IncidentFact], now: datetime) -> tuple[dict[str, str], ...]:
    """Return the external components that had no red finding while the incidents lasted."""
    begin = min(incident.began_at for incident in incidents)
    ends = [incident.solved_at or incident.restored_at or now for incident in incidents]
    findings = findings_between(begin, max(ends))
    hit = {finding.target.partition(">")[0] for finding in findings}
    named = {tuple(sorted(incident.titles.items())) for incident in incidents}
    return tuple(
        titles_of(component.title)
        for component in wired(COMPONENTS)
        if component.audience == "external"
        and component.slug not in hit
        and tuple(sorted(titles_of(component.title).items())) not in named
    )


def _runs(names: Iterable[str]) -> tuple[RunFact, ...]:
    latest = DrillRun.objects.filter(name__in=set(names)).order_by("name", "-at").distinct("name")
    return tuple(
        RunFact(
            name=run.name,
            verdict=run.verdict,
            twin_verdict=run.twin_verdict,
            at=run.at,
            lines=tuple(str(line["name"]) for line in run.lines if line.get("passed") is True),
        )
        for run in latest
    )


def to_json(facts: Facts) -> dict[str, Any]:
    """Return the facts as they are stored: canonical, with the people beside."""
    return {**json.loads(canonical(facts)), "people": list(facts.people)}


def from_json(stored: dict[str, Any]) -> Facts:
    """Return stored facts as they were."""
    return Facts(
        incidents=tuple(_incident_from(one) for one in stored["incidents"]),
        still_working=tuple(stored["still_working"]),
        runs=tuple(
            RunFact(**{**run, "at": _at(run["at"]), "lines": tuple(run["lines"])})
            for run in stored["runs"]
        ),
        people=tuple(stored["people"]),
    )


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_STAMPS = (
    "began_at",
    "found_at",
    "declared_at",
    "mitigated_at",
    "cause_known_at",
    "restored_at",
    "solved_at",
    "reopened_at",
)


def _incident_from(stored: dict[str, Any]) -> IncidentFact:
    def rows(name: str, kind: Any, *instants: str) -> tuple[Any, ...]:
        return tuple(
            kind(**{**row, **{key: _at(row[key]) for key in instants}}) for row in stored[name]
        )

    return IncidentFact(
        **{
            **stored,
            **{name: _at(stored[name]) for name in _STAMPS},
            "variants": tuple(stored["variants"]),
            "severities": tuple(stored["severities"]),
            "lines": rows("lines", LineFact, "at"),
            "news": rows("news", LineFact, "at"),
            "undertakings": rows(
                "undertakings", UndertakingFact, "due_at", "settled_at", "missed_at"
            ),
            "recoveries": rows("recoveries", RecoveryFact),
            "reds": rows("reds", RedFact, "opened_at", "ended_at"),
            "steps": rows("steps", StepFact, "at"),
            "actions": tuple(
                ActionFact(
                    **{
                        **row,
                        "due_on": date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                    }
                )
                for row in stored["actions"]
            ),
        }
    )
