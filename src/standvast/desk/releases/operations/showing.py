"""Something is shown of a build; every gate is judged."""

import json
import logging
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from standvast.desk.releases.models import ENVIRONMENTS, NOTE_MAX, StoredEvidence
from standvast.desk.releases.queries.judging import answer_of, judgements_of
from standvast.desk.releases.queries.releases import found
from standvast.desk.releases.records import locked, tell
from standvast.desk.releases.rules.answer import Answer
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import NAMES, Evidence
from standvast.desk.releases.rules.states import State, check_before_start
from standvast.desk.releases.slots import EVIDENCE, Gatherer
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.wiring import wired
from standvast.kit.words import marked

logger = logging.getLogger(__name__)
FIGURES_BYTES_MAX = 8_192


class EvidenceInvalid(Invalid):
    """What was handed in is no evidence."""

    code = "releases.evidence_invalid"


@transaction.atomic(durable=True)
def add_evidence(*, evidence: Evidence, actor: Actor, now: datetime) -> None:
    """Keep one thing that was shown of a digest.

    :raises EvidenceInvalid: if the gate or environment is unknown, it lies ahead or is too much.
    """
    _keep(evidence, actor, now)


def _keep(evidence: Evidence, actor: Actor, now: datetime) -> None:
    if evidence.gate not in NAMES:
        raise EvidenceInvalid(marked("There is no gate {gate}."), gate=evidence.gate[:20])
    if evidence.environment not in ENVIRONMENTS:
        raise EvidenceInvalid(marked("Say where: test, acceptance or production."))
    if evidence.at > now:
        raise EvidenceInvalid(marked("Evidence cannot lie ahead."))
    if len(json.dumps(dict(evidence.figures))) > FIGURES_BYTES_MAX:
        raise EvidenceInvalid(marked("These figures are too many."))
    StoredEvidence.objects.create(
        gate=evidence.gate,
        digest=evidence.digest,
        environment=evidence.environment,
        result=evidence.result,
        figures=dict(evidence.figures),
        sentence=evidence.sentence[:NOTE_MAX],
        at=evidence.at,
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    tell(
        evidence.digest,
        actor,
        event="shown",
        now=now,
        action="C",
        gate=evidence.gate,
        result=evidence.result.value,
    )


def gather(*, version: str, actor: Actor, now: datetime) -> None:
    """Ask every module what it can show of this build here and now, and keep it.

    Modules are asked outside any transaction: some of them ask a neighbour, within a deadline.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    """
    release = found(version)
    check_before_start(State(release.state))
    shown = [_gathered(gatherer, release.digest, now) for gatherer in wired(EVIDENCE)]
    with transaction.atomic(durable=True):
        for evidence in shown:
            if evidence is not None:
                _keep(replace(evidence, digest=release.digest), actor, now)


def gather_after(*, version: str, actor: Actor, now: datetime) -> tuple[Evidence, ...]:
    """Ask again, of a build that has started, what is to be seen where people work; keep it.

    Empty where nobody can show anything of this build: another one runs here.

    :raises ReleaseNotFound: if there is no such release.
    """
    release = found(version)
    asked = [one for one in wired(EVIDENCE) if one.is_asked_after]
    shown = [_gathered(gatherer, release.digest, now) for gatherer in asked]
    kept = tuple(replace(one, digest=release.digest) for one in shown if one is not None)
    with transaction.atomic(durable=True):
        for evidence in kept:
            _keep(evidence, actor, now)
    return kept


def _gathered(gatherer: Gatherer, digest: str, now: datetime) -> Evidence | None:
    """Return what a module shows; one that breaks has decided nothing, which is refused."""
    try:
        return gatherer.gather(digest, now)
    except Exception:
        logger.exception("releases.gatherer_broke", extra={"gate": gatherer.gate})
        return Evidence(gatherer.gate, digest, Result.INCONCLUSIVE, now, gatherer.environment)


def check(*, version: str, actor: Actor, now: datetime) -> Answer:
    """Gather what modules can show of this build, judge every gate and ask the rule.

    The answer is the one for the planned time. A gatherer that breaks has shown nothing.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    """
    gather(version=version, actor=actor, now=now)
    with transaction.atomic(durable=True):
        row = locked(version)
        check_before_start(State(row.state))
        is_open = all(judgement.is_ok for judgement in judgements_of(row))
        row.state = State.CHECKED if is_open else State.PLANNED
        row.save(update_fields=["state"])
        answer = answer_of(row, row.planned_at, now)
        tell(version, actor, event="checked", now=now, verdict=answer.verdict.name.lower())
    return answer
