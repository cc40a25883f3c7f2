"""A release is planned, its build changes, it is withdrawn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from standvast.desk.releases.models import DIGEST_CHARS, Release
from standvast.desk.releases.records import locked, tell
from standvast.desk.releases.rules.states import (
    HotfixFor,
    Kind,
    State,
    check_before_start,
    check_move,
)
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

INCIDENTS_MAX = 20
DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_CHARS}}}")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,39}")


class PlanInvalid(Invalid):
    """What was said of the release cannot be right."""

    code = "releases.plan_invalid"


class VersionTaken(Refused):
    """A release of this version is in the register."""

    code = "releases.version_taken"


class SameBuild(Refused):
    """The build is the one that was there."""

    code = "releases.same_build"


@dataclass(frozen=True)
class Plan:
    """What will be released, and when."""

    version: str
    digest: str
    planned_at: datetime
    hotfix_for: HotfixFor | None = None
    incident_numbers: Sequence[str] = ()
    people_notice: bool = False
    announced_at: datetime | None = None
    is_infrastructure: bool = False


@transaction.atomic(durable=True)
def plan_release(*, plan: Plan, actor: Actor, now: datetime) -> str:
    """Put a build into the register, to be released at a time; return its version.

    :raises PlanInvalid: if version, digest or times cannot be right.
    :raises VersionTaken: if the version is there already.
    """
    if not VERSION.fullmatch(plan.version):
        raise PlanInvalid(marked("A version is letters, figures, dots, plus and dash, at most 40."))
    _check_digest(plan.digest)
    if plan.announced_at is not None and plan.announced_at > now:
        raise PlanInvalid(marked("What people were told cannot lie ahead."))
    if len(plan.incident_numbers) > INCIDENTS_MAX:
        raise PlanInvalid(marked("A release names at most 20 incidents."))
    try:
        with transaction.atomic():
            Release.objects.create(
                version=plan.version,
                kind=Kind.HOTFIX if plan.hotfix_for else Kind.RELEASE,
                hotfix_for=plan.hotfix_for or "",
                incident_numbers=list(plan.incident_numbers),
                digest=plan.digest,
                built_at=now,
                built_by=actor.person_id,
                planned_at=plan.planned_at,
                people_notice=plan.people_notice,
                announced_at=plan.announced_at,
                is_infrastructure=plan.is_infrastructure,
                created_at=now,
            )
    except IntegrityError as error:
        raise VersionTaken(marked("A release of this version is in the register.")) from error
    tell(plan.version, actor, event="planned", now=now, action="C", digest=plan.digest)
    return plan.version


def _check_digest(digest: str) -> None:
    if not DIGEST.fullmatch(digest):
        raise PlanInvalid(marked("A digest is 64 figures and letters a to f."))


@transaction.atomic(durable=True)
def change_build(*, version: str, digest: str, actor: Actor, now: datetime) -> None:
    """Say that the build changed: nothing shown or approved of the one before counts any more.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    :raises SameBuild: if it is the same build.
    """
    _check_digest(digest)
    row = locked(version)
    check_before_start(State(row.state))
    if row.digest == digest:
        raise SameBuild(marked("This is the build that is in the register."))
    before = row.digest
    row.digest, row.built_at, row.built_by = digest, now, actor.person_id
    row.state, row.approved_at, row.approved_by = State.PLANNED, None, None
    row.save()
    tell(version, actor, event="build_changed", now=now, digest=digest, before=before)


@transaction.atomic(durable=True)
def move_plan(*, version: str, planned_at: datetime, actor: Actor, now: datetime) -> None:
    """Plan it for another time; an approval was for the time before, and ends.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    """
    row = locked(version)
    check_before_start(State(row.state))
    row.planned_at, row.state = planned_at, State.PLANNED
    row.approved_at, row.approved_by = None, None
    row.save()
    tell(version, actor, event="moved", now=now, planned_at=planned_at.isoformat())


@transaction.atomic(durable=True)
def withdraw(*, version: str, actor: Actor, now: datetime) -> None:
    """Take a release off before it starts.

    :raises ReleaseNotFound: if there is no such release.
    :raises MoveNotAllowed: if it has started.
    """
    row = locked(version)
    check_move(State(row.state), State.WITHDRAWN)
    row.state, row.ended_at = State.WITHDRAWN, now
    row.save()
    tell(version, actor, event="withdrawn", now=now)
