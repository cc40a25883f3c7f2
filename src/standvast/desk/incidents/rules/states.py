"""States of an incident, the moves between them, and the order of its stamps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from standvast.kit.errors import Refused
from standvast.kit.words import marked


class State(StrEnum):
    """Where an incident stands."""

    REPORTED = "reported"
    INVESTIGATING = "investigating"
    CAUSE_KNOWN = "cause_known"
    MITIGATED = "mitigated"
    RESTORED = "restored"
    SOLVED = "solved"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


MOVES: dict[State, frozenset[State]] = {
    State.REPORTED: frozenset({State.INVESTIGATING, State.MERGED, State.WITHDRAWN}),
    State.INVESTIGATING: frozenset(
        {State.CAUSE_KNOWN, State.MITIGATED, State.RESTORED, State.MERGED, State.WITHDRAWN}
    ),
    State.CAUSE_KNOWN: frozenset({State.MITIGATED, State.RESTORED, State.INVESTIGATING}),
    State.MITIGATED: frozenset({State.CAUSE_KNOWN, State.RESTORED, State.INVESTIGATING}),
    State.RESTORED: frozenset({State.SOLVED, State.INVESTIGATING}),
    State.SOLVED: frozenset({State.CLOSED, State.INVESTIGATING}),
    State.CLOSED: frozenset({State.INVESTIGATING}),
    State.MERGED: frozenset(),
    State.WITHDRAWN: frozenset(),
}

OPEN = frozenset(
    {State.REPORTED, State.INVESTIGATING, State.CAUSE_KNOWN, State.MITIGATED, State.RESTORED}
)
"""Still somebody's work."""
UNMENDED = OPEN - {State.RESTORED}
"""People still feel it, as far as known."""
ENDED = frozenset({State.SOLVED, State.CLOSED})
HIDDEN = frozenset({State.MERGED, State.WITHDRAWN})

TITLES: dict[State, str] = {
    State.REPORTED: marked("Reported"),
    State.INVESTIGATING: marked("Under investigation"),
    State.CAUSE_KNOWN: marked("Cause known"),
    State.MITIGATED: marked("Workaround in force"),
    State.RESTORED: marked("Restored, to be confirmed"),
    State.SOLVED: marked("Solved"),
    State.CLOSED: marked("Closed"),
    State.MERGED: marked("Merged"),
    State.WITHDRAWN: marked("Withdrawn"),
}

PUBLIC_WORD: dict[State, str] = {
    State.REPORTED: "investigating",
    State.INVESTIGATING: "investigating",
    State.CAUSE_KNOWN: "identified",
    State.MITIGATED: "identified",
    State.RESTORED: "monitoring",
    State.SOLVED: "resolved",
    State.CLOSED: "resolved",
}
"""Statuspage's word; merged and withdrawn are not shown."""


class MoveNotAllowed(Refused):
    """The incident is in a state from which this step is not possible."""

    code = "incidents.move_not_allowed"


class StampsOutOfOrder(Refused):
    """A stamp would lie before one that must come first."""

    code = "incidents.stamps_out_of_order"


class ReasonMissing(Refused):
    """This step needs a reason in words."""

    code = "incidents.reason_missing"


def may_move(current: State, target: State) -> bool:
    """Return whether `current` may become `target`."""
    return target in MOVES[current]


def _as_it_is(text: str) -> str:
    return text


def check_move(current: State, target: State, *, say: Callable[[str], object] = _as_it_is) -> None:
    """Pass if an incident may go from `current` to `target`; `say` translates the names.

    :raises MoveNotAllowed: if it may not.
    """
    if not may_move(current, target):
        raise MoveNotAllowed(
            marked("An incident that is “{current}” cannot become “{target}”."),
            current=say(TITLES[current]),
            target=say(TITLES[target]),
        )


def is_reopening(current: State, target: State) -> bool:
    """Return whether the step goes back: to investigating from anything but a first report."""
    return target is State.INVESTIGATING and current is not State.REPORTED


def check_reason(current: State, target: State, reason: str) -> None:
    """Pass unless the step goes back or off the board and no reason is given.

    :raises ReasonMissing: if one is needed.
    """
    if (is_reopening(current, target) or target is State.WITHDRAWN) and not reason.strip():
        raise ReasonMissing(marked("Say why: the reason stands in the timeline."))


@dataclass(frozen=True)
class Stamps:
    """The instants of one incident; `None` where it has not come so far."""

    began_at: datetime
    found_at: datetime
    declared_at: datetime
    mitigated_at: datetime | None = None
    cause_known_at: datetime | None = None
    restored_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None


_ORDER = (
    ("began_at", "found_at"),
    ("found_at", "declared_at"),
    ("declared_at", "mitigated_at"),
    ("declared_at", "cause_known_at"),
    ("declared_at", "restored_at"),
    ("restored_at", "solved_at"),
    ("solved_at", "closed_at"),
)
NAMES = {
    "began_at": marked("began"),
    "found_at": marked("found"),
    "declared_at": marked("declared"),
    "mitigated_at": marked("workaround"),
    "cause_known_at": marked("cause known"),
    "restored_at": marked("restored"),
    "solved_at": marked("solved"),
    "closed_at": marked("closed"),
}


def check_stamps(stamps: Stamps, *, say: Callable[[str], object] = _as_it_is) -> None:
    """Pass if no stamp runs backwards.

    :raises StampsOutOfOrder: naming the two that do.
    """
    for first, second in _ORDER:
        before, after = getattr(stamps, first), getattr(stamps, second)
        if before is not None and after is not None and before > after:
            raise StampsOutOfOrder(
                marked("“{second}” cannot lie before “{first}”."),
                first=say(NAMES[first]),
                second=say(NAMES[second]),
            )


STAMP_OF: dict[State, str] = {
    State.CAUSE_KNOWN: "cause_known_at",
    State.MITIGATED: "mitigated_at",
    State.RESTORED: "restored_at",
    State.SOLVED: "solved_at",
    State.CLOSED: "closed_at",
}
"""Which stamp a move sets. Reopening clears restored, solved and closed, and no other."""
CLEARED_ON_REOPENING = ("restored_at", "solved_at", "closed_at")
