"""What follows an incident: actions, and the drills and tests that prove them."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from standvast.core.journal.api import entry_of, record
from standvast.desk.incidents.api import check_incident
from standvast.desk.reports.models import ACTION_KINDS, PROOF_KINDS, Action, DrillRun
from standvast.desk.reports.rules.actions import Run, check_proof
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, NotFound
from standvast.kit.words import marked

ACTIONS_MAX = 50
TEXT_MAX = 1_000
LINES_MAX = 500


class ActionNotFound(NotFound):
    """There is no such action, or it is closed."""

    code = "reports.action_not_found"


class ActionIncomplete(Invalid):
    """An action needs an owner, a due date and a proof."""

    code = "reports.action_incomplete"


class TooManyActions(Invalid):
    """More actions than anybody will do."""

    code = "reports.too_many_actions"


@transaction.atomic(durable=True)
def add_action(
    *,
    incident_id: uuid.UUID,
    kind: str,
    text: str,
    owner: str,
    due_on: date | None,
    proof_kind: str,
    proof: str,
    actor: Actor,
    now: datetime,
    is_long_term: bool = False,
) -> uuid.UUID:
    """Record what follows, with its owner (a role), due date and the proof that will close it.

    :raises IncidentNotFound: if there is no such incident.
    :raises ActionIncomplete: naming what lacks.
    :raises TooManyActions: past fifty.
    """
    check_incident(incident_id)
    lacking = {
        marked("Say what will be done."): not text.strip(),
        marked("Say which role owns it."): not owner.strip(),
        marked("Say by when."): due_on is None,
        marked("Name the drill or test that will prove it."): not proof.strip()
        or proof_kind not in PROOF_KINDS,
        marked("Choose what kind of action it is."): kind not in ACTION_KINDS,
    }
    for sentence, lacks in lacking.items():
        if lacks:
            raise ActionIncomplete(sentence)
    row = _add(
        Action(
            incident_id=incident_id,
            kind=kind,
            text=text.strip()[:TEXT_MAX],
            owner=owner.strip()[:80],
            due_on=due_on,
            proof_kind=proof_kind,
            proof=proof.strip()[:200],
            is_long_term=is_long_term,
            created_at=now,
        ),
        actor,
        now,
    )
    return row.id


@transaction.atomic(durable=True)
def record_no_action(
    *, incident_id: uuid.UUID, because: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Record that nothing follows, and why.

    :raises IncidentNotFound: if there is no such incident.
    :raises ActionIncomplete: without a reason.
    """
    check_incident(incident_id)
    if not because.strip():
        raise ActionIncomplete(marked("Say why nothing follows."))
    row = Action(
        incident_id=incident_id,
        kind="process",
        text=because.strip()[:TEXT_MAX],
        is_none=True,
        created_at=now,
    )
    return _add(row, actor, now).id


def _add(row: Action, actor: Actor, now: datetime) -> Action:
    if Action.objects.filter(incident_id=row.incident_id).count() >= ACTIONS_MAX:
        raise TooManyActions(marked("Fifty actions are recorded already; do some first."))
    row.save(force_insert=True)
    _journal(row.id, actor, event="action_added", now=now, action="C")
    return row


@transaction.atomic(durable=True)
def mark_changed(*, action_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Write down that the change was made; a run must be younger to prove it.

    :raises ActionNotFound: if there is none open.
    """
    row = _open_action(action_id)
    row.changed_at = now
    row.save(update_fields=["changed_at"])
    _journal(row.id, actor, event="action_changed", now=now)


@transaction.atomic(durable=True)
def close_action(*, action_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Close an action by its proof: the latest run of the named drill or test.

    :raises ActionNotFound: if there is none open.
    :raises ProofMissing: saying what the proof lacks.
    """
    row = _open_action(action_id)
    run = DrillRun.objects.filter(name=row.proof).order_by("-at").first()
    check_proof(
        Run(run.name, run.verdict, run.twin_verdict, run.at) if run else None,
        proof=row.proof,
        changed_at=row.changed_at or row.created_at,
    )
    row.closed_at, row.closed_by_run = now, run
    row.save(update_fields=["closed_at", "closed_by_run"])
    _journal(row.id, actor, event="action_closed", now=now)


def _open_action(action_id: uuid.UUID) -> Action:
    row = (
        Action.objects.select_for_update()
        .filter(id=action_id, closed_at=None, is_none=False)
        .first()
    )
    if row is None:
        raise ActionNotFound(marked("There is no such action, or it is closed."))
    return row


@transaction.atomic(durable=True)
def record_run(
    *,
    name: str,
    scale: str,
    verdict: str,
    twin_verdict: str,
    lines: Sequence[Mapping[str, object]],
    at: datetime,
    actor: Actor,
    now: datetime,
    journal: Mapping[str, object] | None = None,
) -> uuid.UUID:
    """Keep one run of a drill or test: verdicts are passed, failed or not_run.

    `lines` are those that the drill prints: name, value, unit, target, passed.
    """
    assert len(lines) <= LINES_MAX, "a drill prints fewer lines than that"
    row = DrillRun.objects.create(
        name=name,
        scale=scale,
        verdict=verdict,
        twin_verdict=twin_verdict,
        lines=[dict(line) for line in lines],
        journal=dict(journal or {}),
        at=at,
        recorded_at=now,
    )
    _journal(row.id, actor, event="run_recorded", now=now, action="C")
    return row.id


def _journal(
    record_id: uuid.UUID, actor: Actor, *, event: str, now: datetime, action: str = "U"
) -> None:
    record(
        entry_of(
            actor,
            at=now,
            action=action,
            event=f"reports.{event}",
            record_kind="report.follow_up",
            record_id=record_id,
        )
    )
