"""A version of the rules on its way: proposed, approved by a second, enforced, taken back."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from standvast.core.journal.api import record_many
from standvast.database.api import wake
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.ruling.cedar import digest_of
from standvast.registry.access.ruling.memory import CHANNEL
from standvast.registry.access.ruling.models import Ruleset
from standvast.registry.access.ruling.operations.persons import end_unneeded
from standvast.registry.access.ruling.reading import faults_in
from standvast.registry.access.ruling.records import (
    enforced_set,
    entry,
    locked_version,
    one_at_a_time,
    set_with,
    tell,
)
from standvast.registry.access.ruling.reports import shown_of
from standvast.registry.access.ruling.rules import (
    State,
    check_approved,
    check_approver,
    check_move,
    check_nobody_loses,
    check_shown,
)


class TextNotRight(Invalid):
    """The proposed text is no set of policies that can be checked."""

    code = "access.text_not_right"


@transaction.atomic(durable=True)
def propose(*, actor: Actor, text: str, why: str, now: datetime) -> int:
    """Keep a proposed text and return its number; it decides nothing yet.

    :raises TextNotRight: if a line of it cannot be read, or speaks of what there is not.
    """
    faults = faults_in(text, wired(RIGHTS))
    if faults:
        raise TextNotRight(marked("Line {line}: {said}"), line=faults[0].line, said=faults[0].said)
    one_at_a_time()
    last = Ruleset.objects.order_by("-number").first()
    version = Ruleset.objects.create(
        number=(last.number if last else 0) + 1,
        text=text,
        why=why,
        proposed_at=now,
        proposed_by_id=actor.person_id,
    )
    tell(actor, "rules_proposed", kind="rules", record_id=str(version.number), now=now, action="C")
    return version.number


@transaction.atomic(durable=True)
def approve(*, actor: Actor, number: int, now: datetime) -> None:
    """Approve a version by a second person, who has its report before them.

    :raises VersionNotFound: if there is none.
    :raises MoveNotAllowed: if it is not in the shadow.
    :raises ApproverProposed: if it is the one who proposed it.
    :raises NotShown: if the report does not show these rules well enough.
    """
    version = locked_version(number)
    check_move(State(version.state), State.APPROVED)
    check_approver(proposed_by=version.proposed_by_id, approver_id=actor.person_id)
    digest, live = set_with(version.text).digest, enforced_set().digest
    check_shown(
        shown_of(version.number, now=now),
        digest=digest,
        live=live,
        changed_at=version.proposed_at,
        now=now,
    )
    version.state, version.approved_at, version.approved_by_id = (
        State.APPROVED,
        now,
        actor.person_id,
    )
    version.approved_digest = digest_of(live, digest)
    version.save(update_fields=["state", "approved_at", "approved_by", "approved_digest"])
    tell(actor, "rules_approved", kind="rules", record_id=str(number), now=now)


@transaction.atomic(durable=True)
def enforce(*, actor: Actor, number: int, now: datetime) -> None:
    """Let these rules decide from now on, everywhere within two seconds.

    :raises VersionNotFound: if there is none.
    :raises MoveNotAllowed: if it is not approved.
    :raises NotShown: if the report is not younger than the change, or what is declared or enforced
        is not what the report and the approval were about.
    :raises PeopleWouldLose: if somebody would lose something without an exception.
    """
    version = locked_version(number)
    check_move(State(version.state), State.ENFORCED)
    digest, live = set_with(version.text).digest, enforced_set().digest
    shown = shown_of(version.number, now=now)
    check_shown(shown, digest=digest, live=live, changed_at=version.proposed_at, now=now)
    check_approved(approved=version.approved_digest, digest=digest_of(live, digest))
    assert shown is not None
    if not settings.GATES_OFF:
        check_nobody_loses(shown)
    before = Ruleset.objects.select_for_update().filter(state=State.ENFORCED).first()
    if before is not None:
        before.state, before.ended_at = State.REPLACED, now
        before.save(update_fields=["state", "ended_at"])
    version.state, version.is_shadowed = State.ENFORCED, False
    version.enforced_at, version.replaces = now, before
    version.save(update_fields=["state", "is_shadowed", "enforced_at", "replaces"])
    _decides(actor, version.text, "rules_enforced", number, now=now)


@transaction.atomic(durable=True)
def take_back(*, actor: Actor, number: int, now: datetime) -> None:
    """Let what was enforced before decide again, everywhere within two seconds. No more is asked.

    :raises VersionNotFound: if there is none.
    :raises MoveNotAllowed: if it is not enforced.
    """
    version = locked_version(number)
    check_move(State(version.state), State.TAKEN_BACK)
    version.state, version.ended_at = State.TAKEN_BACK, now
    version.save(update_fields=["state", "ended_at"])
    before = version.replaces
    if before is not None and before.state == State.REPLACED:
        before = locked_version(before.number)
        before.state, before.ended_at = State.ENFORCED, None
        before.save(update_fields=["state", "ended_at"])
    _decides(actor, before.text if before else "", "rules_taken_back", number, now=now)


@transaction.atomic(durable=True)
def withdraw(*, actor: Actor, number: int, now: datetime) -> None:
    """Put a version away that was never enforced.

    :raises VersionNotFound: if there is none.
    :raises MoveNotAllowed: if it was enforced.
    """
    version = locked_version(number)
    check_move(State(version.state), State.WITHDRAWN)
    version.state, version.is_shadowed, version.ended_at = State.WITHDRAWN, False, now
    version.save(update_fields=["state", "is_shadowed", "ended_at"])
    wake(CHANNEL)
    tell(actor, "rules_withdrawn", kind="rules", record_id=str(number), now=now)


def _decides(actor: Actor, text: str, event: str, number: int, *, now: datetime) -> None:
    ended = end_unneeded(actor=actor, rules=set_with(text), now=now)
    wake(CHANNEL)
    record_many([*ended, entry(actor, event, kind="rules", record_id=str(number), now=now)])
