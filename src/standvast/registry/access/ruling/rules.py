"""The states of a version of the rules, and when one may be enforced. Pure."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

TEXT_MAX = 20_000
WHY_MAX = 500
ACTIVE_DAYS = 30
"""Who was not seen for this long is not replayed."""
DECISIONS_MIN = 500
"""Fewer decisions than this say nothing about a set, except where fewer people work."""
REPORT_HOURS_MAX = 24
"""People come and go: an older report says nothing of today."""
EXCEPTION_DAYS_MAX = 90
GLASS_MINUTES = 60
GLASS_DAY_MAX = 8
"""Of one person somewhere within a day; past it a colleague is to be asked."""
REQUEST_DAYS = 30


class State(StrEnum):
    """Where a version of the rules stands."""

    PROPOSED = "proposed"
    SHADOWING = "shadowing"
    APPROVED = "approved"
    ENFORCED = "enforced"
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"


STATE_TITLES: Mapping[State, str] = {
    State.PROPOSED: marked("proposed"),
    State.SHADOWING: marked("in the shadow"),
    State.APPROVED: marked("approved"),
    State.ENFORCED: marked("enforced"),
    State.REPLACED: marked("replaced"),
    State.TAKEN_BACK: marked("taken back"),
    State.WITHDRAWN: marked("withdrawn"),
}
MOVES: Mapping[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.SHADOWING, State.WITHDRAWN}),
    State.SHADOWING: frozenset({State.APPROVED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.ENFORCED, State.WITHDRAWN}),
    State.ENFORCED: frozenset({State.REPLACED, State.TAKEN_BACK}),
    State.REPLACED: frozenset({State.ENFORCED}),
    State.TAKEN_BACK: frozenset(),
    State.WITHDRAWN: frozenset(),
}
SHADOWED = frozenset({State.SHADOWING, State.APPROVED})
"""Beside the live set, on real decisions."""


class MoveNotAllowed(Refused):
    """The version is in a state from which this step is not possible."""

    code = "access.move_not_allowed"


class ApproverProposed(Refused):
    """Who proposed a rule does not approve it."""

    code = "access.approver_proposed"


class NotShown(Refused):
    """There is no report, or it is older than the change, or judged too little."""

    code = "access.not_shown"


class PeopleWouldLose(Refused):
    """People would lose what they have, and nobody signed that off."""

    code = "access.people_would_lose"


class EndNotRight(Invalid):
    """An exception ends, and soon."""

    code = "access.end_not_right"


@dataclass(frozen=True)
class Loss:
    """One right that one person would lose somewhere."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    right: str

    @property
    def key(self) -> tuple[str, str, str]:
        """By which losses are in order."""
        return (str(self.organisation_id), str(self.person_id), self.right)


@dataclass(frozen=True)
class Shown:
    """What a report of the shadow says, as far as enforcing asks."""

    digest: str
    live: str
    """The digest of the rules that it was compared with."""
    is_whole: bool
    """Whether it holds everybody who would lose or gain something."""
    at: datetime
    decisions_count: int
    decisions_min: int
    layers_not_judged: tuple[str, ...]
    faults_count: int
    losses: Collection[Loss]
    excepted: Collection[Loss]
    """What stands as an exception with an end, whoever of the losers it is for."""

    @property
    def unsigned(self) -> frozenset[Loss]:
        """Losses that nobody signed off."""
        return frozenset(self.losses) - frozenset(self.excepted)

    @property
    def denied(self) -> int:
        """How many people would lose something."""
        return len({loss.person_id for loss in self.losses})

    @property
    def signed_off(self) -> int:
        """How many of them have an exception for all of it."""
        return self.denied - len({loss.person_id for loss in self.unsigned})


def check_move(current: State, target: State) -> None:
    """Pass if a version may go from one state to the other.

    :raises MoveNotAllowed: if not.
    """
    if target not in MOVES[current]:
        raise MoveNotAllowed(marked("From where this version stands, that step is not possible."))


def check_approver(*, proposed_by: uuid.UUID | None, approver_id: uuid.UUID | None) -> None:
    """Pass if this is a second person.

    :raises ApproverProposed: if it is the one who proposed it, or nobody.
    """
    if approver_id is None or approver_id == proposed_by:
        raise ApproverProposed(
            marked("You proposed this rule: somebody else approves it. Ask a lead operator.")
        )


def check_shown(
    shown: Shown | None, *, digest: str, live: str, changed_at: datetime, now: datetime
) -> None:
    """Pass if a report compares exactly these rules with those that decide now, well enough.

    :raises NotShown: if it does not; what was not judged counts as not shown.
    """
    if shown is None or shown.at <= changed_at:
        raise NotShown(marked("No report is younger than the change. Replay it first."))
    if shown.digest != digest:
        raise NotShown(marked("The report is of other rules: what modules declare has changed."))
    if shown.live != live:
        raise NotShown(
            marked("Other rules were enforced or taken back since the report. Replay it first.")
        )
    if now - shown.at > timedelta(hours=REPORT_HOURS_MAX):
        raise NotShown(marked("The report is more than a day old. Replay it again."))
    if shown.layers_not_judged:
        raise NotShown(
            marked("{count} layers were not judged. Replay it first."),
            count=len(shown.layers_not_judged),
        )
    if shown.decisions_count < shown.decisions_min:
        raise NotShown(
            marked("Only {count} decisions were judged; {least} are needed."),
            count=shown.decisions_count,
            least=shown.decisions_min,
        )
    if not shown.is_whole:
        raise NotShown(
            marked("These rules meet more people than a report can name. Make them narrower.")
        )
    if shown.faults_count:
        raise NotShown(
            marked("The proposed rules failed {count} times. Correct them."),
            count=shown.faults_count,
        )


def check_approved(*, approved: str, digest: str) -> None:
    """Pass if exactly these rules were approved, in place of exactly those that decide now.

    :raises NotShown: if what modules declare, or what is enforced, has changed since.
    """
    if approved != digest:
        raise NotShown(
            marked("What is declared or enforced has changed since the approval. Propose it again.")
        )


def check_nobody_loses(shown: Shown) -> None:
    """Pass if nobody would lose what they have, or each has an exception with an end.

    :raises PeopleWouldLose: with how many people it is.
    """
    people = {loss.person_id for loss in shown.unsigned}
    if people:
        raise PeopleWouldLose(
            marked(
                "{count} people would lose what they have: see their names with this version."
                " Correct the rule, or give each an exception with an end."
            ),
            count=len(people),
        )


def check_end(until_at: datetime, *, now: datetime) -> None:
    """Pass if an exception ends within its bound.

    :raises EndNotRight: if it ends before it begins, or too late.
    """
    if not now < until_at <= now + timedelta(days=EXCEPTION_DAYS_MAX):
        raise EndNotRight(marked("An exception ends within {days} days."), days=EXCEPTION_DAYS_MAX)


def decisions_min_for(questions_count: int) -> int:
    """Return how many decisions a report needs: all there are to ask, at most the bound."""
    return max(1, min(DECISIONS_MIN, questions_count))
