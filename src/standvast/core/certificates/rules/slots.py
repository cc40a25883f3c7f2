"""Where a certificate stands, and which moves there are."""

from datetime import datetime
from enum import StrEnum

from standvast.core.certificates.rules.told import Check, Outcome
from standvast.kit.errors import Refused
from standvast.kit.words import marked

LOOK_FRESH_S = 900.0
"""A switch rests on a look that is not older than this."""


class Slot(StrEnum):
    """At most one per purpose, of all but the last."""

    NEXT = "next"
    CURRENT = "current"
    PREVIOUS = "previous"
    RETIRED = "retired"


MOVES: dict[Slot, frozenset[Slot]] = {
    Slot.NEXT: frozenset({Slot.CURRENT, Slot.RETIRED}),
    Slot.CURRENT: frozenset({Slot.PREVIOUS, Slot.NEXT, Slot.RETIRED}),
    Slot.PREVIOUS: frozenset({Slot.CURRENT, Slot.RETIRED}),
    Slot.RETIRED: frozenset(),
}


class MoveNotAllowed(Refused):
    """A certificate cannot go there from where it stands."""

    code = "certificates.move_not_allowed"


class NotProven(Refused):
    """A certificate has not passed every check, so it is not switched to."""

    code = "certificates.not_proven"


def check_move(here: Slot, there: Slot) -> None:
    """:raises MoveNotAllowed: if there is no such move."""
    if there not in MOVES[here]:
        raise MoveNotAllowed(marked("This certificate is not where the page showed it."))


def is_proven(checks: tuple[Check, ...]) -> bool:
    """Whether every check passed or only warns, a live handshake among them.

    What could not be told counts as failed: nobody switches to a certificate on a guess.
    """
    against = {Outcome.FAILED, Outcome.NOT_KNOWN}
    return any(check.is_live for check in checks) and not any(
        check.outcome in against for check in checks
    )


def check_proven(checks: tuple[Check, ...], *, looked_s_ago: float | None) -> None:
    """Refuse to switch to what is not proven, or was proven too long ago.

    :raises NotProven: in either case.
    """
    if not is_proven(checks):
        raise NotProven(
            marked("It is not switched to: a check failed, or could not be made. See the checks.")
        )
    if looked_s_ago is None or looked_s_ago > LOOK_FRESH_S:
        raise NotProven(
            marked("It was looked at too long ago. Look again, and switch within a quarter hour.")
        )


class ItIsOver(Refused):
    """A certificate that is not valid any more is not gone back to."""

    code = "certificates.it_is_over"


def check_not_over(valid_until: datetime, now: datetime) -> None:
    """:raises ItIsOver: if a certificate is not valid any more."""
    if now >= valid_until:
        raise ItIsOver(marked("The previous certificate is not valid any more."))
