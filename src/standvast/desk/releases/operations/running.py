"""A release is approved, started, finished, taken back; or the glass is broken."""

from datetime import datetime

from django.db import transaction

from standvast.desk.releases.models import (
    ENVIRONMENTS,
    NOTE_MAX,
    BrokenGlass,
    Environment,
    Release,
)
from standvast.desk.releases.queries.judging import answer_of
from standvast.desk.releases.records import locked, tell
from standvast.desk.releases.rules.answer import Answer, Verdict
from standvast.desk.releases.rules.states import (
    State,
    check_before_start,
    check_move,
)
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

NAME_MAX = 80
PRODUCTION = ENVIRONMENTS[-1]


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


@transaction.atomic(durable=True)
def start(*, version: str, actor: Actor, now: datetime) -> None:
    """Start, if the rule allows it now or two people broke the glass for this build.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started or ended.
    :raises ApprovalMissing: if the rule asks for a named approver.
    :raises StartRefused: with the sentence of the rule.
    """
    row = locked(version)
    check_move(State(row.state), State.STARTED)
    answer = answer_of(row, now, now)
    if not BrokenGlass.objects.filter(release=row, digest=row.digest).exists():
        match answer.verdict:
            case Verdict.NEEDS_APPROVER:
                raise ApprovalMissing(answer)
            case Verdict.REFUSED:
                raise StartRefused(answer)
    row.state, row.started_at = State.STARTED, now
    row.save(update_fields=["state", "started_at"])
    tell(version, actor, event="started", now=now, digest=row.digest)


@transaction.atomic(durable=True)
def finish(*, version: str, actor: Actor, now: datetime) -> None:
    """Say that people have it: this digest stands in production from now on.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it is not under way.
    """
    row = locked(version)
    check_move(State(row.state), State.FINISHED)
    _end(row, State.FINISHED, now)
    _place(PRODUCTION, row.digest, version, now)
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
        _place(PRODUCTION, before.digest, before.version, now)
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


@transaction.atomic(durable=True)
def place(*, environment: str, digest: str, version: str, actor: Actor, now: datetime) -> None:
    """Say which digest stands in an environment."""
    assert environment in ENVIRONMENTS, environment
    _place(environment, digest, version, now)
    tell(environment, actor, event="placed", now=now, digest=digest)


def _place(environment: str, digest: str, version: str, now: datetime) -> None:
    Environment.objects.update_or_create(
        name=environment, defaults={"digest": digest, "version": version, "since": now}
    )
