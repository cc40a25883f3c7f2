"""What the gates and the rule say of a stored release; nothing is written."""

from datetime import datetime

from standvast.desk.incidents.api import Severity, open_incidents
from standvast.desk.releases.models import Release, StoredEvidence
from standvast.desk.releases.queries.around import announced_near
from standvast.desk.releases.queries.road import finished_in
from standvast.desk.releases.rules.answer import Answer, Candidate, may_release
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import Evidence, Judgement, gates_for, judge
from standvast.desk.releases.rules.states import HotfixFor, Kind
from standvast.desk.releases.slots import calendar


def judgements_of(release: Release) -> tuple[Judgement, ...]:
    """Return what each gate says of the digest of this release."""
    near = announced_near(release.planned_at)
    return tuple(
        judge(
            gate,
            _shown(gate.name, release.digest),
            digest=release.digest,
            built_at=release.built_at,
            planned_day=calendar().day_of(release.planned_at),
            announced=near,
        )
        for gate in gates_for(is_infrastructure=release.is_infrastructure)
    )


def _shown(gate: str, digest: str) -> list[Evidence]:
    """Return the newest evidence of this digest, and of any other."""
    rows = StoredEvidence.objects.filter(gate=gate).order_by("-at", "-id")
    newest = (rows.filter(digest=digest).first(), rows.exclude(digest=digest).first())
    return [
        Evidence(
            gate=row.gate,
            digest=row.digest,
            result=Result(row.result),
            at=row.at,
            environment=row.environment,
            figures=row.figures,
            sentence=row.sentence,
        )
        for row in newest
        if row is not None
    ]


def answer_of(release: Release, at: datetime, now: datetime) -> Answer:
    """Return what the rule says of this release at `at`, with the incidents open `now`."""
    return may_release(
        Candidate(
            kind=Kind(release.kind),
            hotfix_for=HotfixFor(release.hotfix_for) if release.hotfix_for else None,
            judgements=judgements_of(release),
            people_notice=release.people_notice,
            announced_at=release.announced_at,
            is_approved=release.approved_at is not None,
            finished_in=finished_in(release),
        ),
        at,
        calendar=calendar(),
        open_criticals=_criticals_elsewhere(release, now),
    )


def _criticals_elsewhere(release: Release, now: datetime) -> list[str]:
    return [
        row.number
        for row in open_incidents(now)
        if row.severity is Severity.CRITICAL
        and not row.is_exercise
        and row.number not in release.incident_numbers
    ]
