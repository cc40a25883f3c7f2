"""The states of a release and the moves between them."""

from enum import StrEnum

from standvast.kit.errors import Refused
from standvast.kit.words import marked


class MoveNotAllowed(Refused):
    """A release in this state cannot do that."""

    code = "releases.move_not_allowed"


class Kind(StrEnum):
    """A release brings what is new; a hotfix mends what hurts people now."""

    RELEASE = "release"
    HOTFIX = "hotfix"


class HotfixFor(StrEnum):
    """The gravest incident that a hotfix is for."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class State(StrEnum):
    """Where a release stands."""

    PLANNED = "planned"
    CHECKED = "checked"
    STARTED = "started"
    FINISHED = "finished"
    REVERTED = "reverted"
    WITHDRAWN = "withdrawn"


TITLES = {
    State.PLANNED: marked("planned"),
    State.CHECKED: marked("checked"),
    State.STARTED: marked("started"),
    State.FINISHED: marked("finished"),
    State.REVERTED: marked("reverted"),
    State.WITHDRAWN: marked("withdrawn"),
}
MOVES: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.CHECKED, State.STARTED, State.WITHDRAWN}),
    State.CHECKED: frozenset({State.PLANNED, State.STARTED, State.WITHDRAWN}),
    State.STARTED: frozenset({State.FINISHED, State.REVERTED}),
    State.FINISHED: frozenset({State.REVERTED}),
    State.REVERTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
STANDS: dict[State, str] = {
    State.PLANNED: marked("This release has not started."),
    State.CHECKED: marked("This release has not started."),
    State.STARTED: marked("This release is under way."),
    State.FINISHED: marked("This release is finished. Plan a new one."),
    State.REVERTED: marked("This release was taken back. Plan a new one."),
    State.WITHDRAWN: marked("This release was withdrawn. Plan a new one."),
}
BEFORE_START = frozenset({State.PLANNED, State.CHECKED})


def check_move(state: State, target: State) -> None:
    """Let a release go from one state to another.

    :raises MoveNotAllowed: if the way does not exist.
    """
    if target not in MOVES[state]:
        raise MoveNotAllowed(STANDS[state])


def check_before_start(state: State) -> None:
    """Let something about a release be changed as long as it has not started.

    :raises MoveNotAllowed: if it has.
    """
    if state not in BEFORE_START:
        raise MoveNotAllowed(STANDS[state])
