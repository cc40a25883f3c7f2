"""A release is approved, started, finished, taken back; or the glass is broken."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from standvast.desk.releases.models import NOTE_MAX, BrokenGlass, Passage, Release
from standvast.desk.releases.operations.showing import gather, gather_after
from standvast.desk.releases.queries.judging import answer_of
from standvast.desk.releases.queries.releases import found
from standvast.desk.releases.records import locked, put, tell
from standvast.desk.releases.rules.answer import Answer, Verdict
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import Evidence
from standvast.desk.releases.rules.road import Place
from standvast.desk.releases.rules.states import (
    State,
    check_before_start,
    check_move,
)
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

NAME_MAX = 80


class StartRefused(Refused):
    """The rule says no; its first sentence is told."""

    code = "releases.start_refused"

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.reasons[0].template, **answer.reasons[0].values)


class ApprovalMissing(StartRefused):
    """The rule asks for a named approver, and nobody approved."""

    code = "releases.approval_missing"


class ApproverBuiltIt(Refused):
    """Whoever built it does not approve it."""

    code = "releases.approver_built_it"


class NotWellAfter(Refused):
    """What was walked after the start is red: people meet it."""

    code = "releases.not_well_after"


class GlassTakesTwo(Invalid):
    """Breaking the glass takes two names and a reason."""

    code = "releases.glass_takes_two"


@transaction.atomic(durable=True)
def approve(*, version: str, actor: Actor, now: datetime) -> None:
    """Approve this build by name, where the rule asks for the release manager.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    :raises ApproverBuiltIt: if this person built it, or is nobody.
    """
    row = locked(version)
    check_before_start(State(row.state))
    if actor.person_id is None or actor.person_id == row.built_by:
        raise ApproverBuiltIt(marked("Somebody else than who built it approves it, by name."))
    row.approved_at, row.approved_by = now, actor.person_id
    row.save(update_fields=["approved_at", "approved_by"])
    tell(version, actor, event="approved", now=now, digest=row.digest)


def start(*, version: str, actor: Actor, now: datetime) -> Answer:
    """Start, if the rule allows it now or two people broke the glass for this build.

    What modules can show is gathered once more first: what was right at the check may have changed
    since. Returns what the rule says, also when the glass was broken.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started or ended.
    :raises ApprovalMissing: if the rule asks for a named approver.
    :raises StartRefused: with the sentence of the rule.
    """
    gather(version=version, actor=actor, now=now)
    return _start(version=version, actor=actor, now=now)


@transaction.atomic(durable=True)
def _start(*, version: str, actor: Actor, now: datetime) -> Answer:
    row = locked(version)
    check_move(State(row.state), State.STARTED)
    answer = answer_of(row, now, now)
    is_broken = BrokenGlass.objects.filter(release=row, digest=row.digest).exists()
    if not (is_broken or settings.GATES_OFF):
        match answer.verdict:
            case Verdict.NEEDS_APPROVER:
                raise ApprovalMissing(answer)
            case Verdict.REFUSED:
                raise StartRefused(answer)
    row.state, row.started_at = State.STARTED, now
    row.save(update_fields=["state", "started_at"])
    Passage.objects.create(
        release=row,
        environment=Place.PRODUCTION,
        digest=row.digest,
        started_at=now,
        by=actor.person_id,
    )
    tell(version, actor, event="started", now=now, digest=row.digest)
    return answer


def finish(*, version: str, actor: Actor, now: datetime) -> None:
    """Say that people have it: this digest stands in production from now on.

    What can be walked is walked once more, there. A red walk keeps the release under way, until it
    is mended or taken back; two people may have broken the glass for it.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it is not under way.
    :raises NotWellAfter: with what is red.
    """
    check_move(State(found(version).state), State.FINISHED)
    shown = gather_after(version=version, actor=actor, now=now)
    _finish(version=version, shown=shown, actor=actor, now=now)


@transaction.atomic(durable=True)
def _finish(*, version: str, shown: Sequence[Evidence], actor: Actor, now: datetime) -> None:
    row = locked(version)
    red = next((one for one in shown if one.result is Result.FAILED), None)
    is_broken = BrokenGlass.objects.filter(release=row, digest=row.digest).exists()
    if red is not None and not (is_broken or settings.GATES_OFF):
        raise NotWellAfter(
            marked("It is not well where people work: {what}. Mend it or take it back."),
            what=red.sentence or red.gate,
        )
    check_move(State(row.state), State.FINISHED)
    _end(row, State.FINISHED, now)
    row.passages.filter(environment=Place.PRODUCTION, finished_at=None).update(finished_at=now)
    put(row.digest, version, Place.PRODUCTION, now)
    tell(version, actor, event="finished", now=now, digest=row.digest)


@transaction.atomic(durable=True)
def revert(*, version: str, actor: Actor, now: datetime) -> None:
    """Say that it was taken back: what stood in production before stands there again.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it never started.
    """
    row = locked(version)
    was = State(row.state)
    check_move(was, State.REVERTED)
    _end(row, State.REVERTED, now)
    before = Release.objects.filter(state=State.FINISHED).order_by("-ended_at").first()
    if was is State.FINISHED and before is not None:
        put(before.digest, before.version, Place.PRODUCTION, now)
    tell(version, actor, event="reverted", now=now, digest=row.digest)


def _end(row: Release, state: State, now: datetime) -> None:
    row.state, row.ended_at = state, now
    row.save(update_fields=["state", "ended_at"])


@transaction.atomic(durable=True)
def break_glass(
    *, version: str, first_name: str, second_name: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Let this build through against the rule: two people, by name, and why. It stays in sight.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    :raises GlassTakesTwo: without two different names and a reason.
    """
    names = " ".join(first_name.split()), " ".join(second_name.split())
    if not all(names) or names[0].casefold() == names[1].casefold() or not reason.strip():
        raise GlassTakesTwo(marked("Breaking the glass takes two different names and a reason."))
    row = locked(version)
    check_before_start(State(row.state))
    answer = answer_of(row, now, now)
    BrokenGlass.objects.create(
        release=row,
        digest=row.digest,
        first_name=names[0][:NAME_MAX],
        second_name=names[1][:NAME_MAX],
        reason=reason.strip()[:NOTE_MAX],
        clauses=[reason.clause for reason in answer.reasons],
        at=now,
        by=actor.person_id,
    )
    tell(version, actor, event="glass_broken", now=now, action="C", digest=row.digest)
