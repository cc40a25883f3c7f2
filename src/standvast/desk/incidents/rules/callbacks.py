"""Whom to call back, in which order, and what a call can come to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from standvast.kit.errors import Refused
from standvast.kit.words import marked

STARTS_WITHIN = timedelta(hours=1)
ATTEMPTS_APART = timedelta(minutes=10)
ATTEMPTS_PER_CONTACT = 2
ROWS_MAX = 2_000


class Outcome(StrEnum):
    """What a call came to."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"


OUTCOME_TITLES = {
    Outcome.REACHED: marked("Reached"),
    Outcome.NO_ANSWER: marked("No answer"),
    Outcome.MESSAGE_LEFT: marked("Message left"),
    Outcome.WRONG_NUMBER: marked("Wrong number"),
}


@dataclass(frozen=True)
class ReachRow:
    """One organisation that a component serves: its opening and its contact of this shift."""

    organisation_id: UUID
    name: str
    contact: str
    """Of the shift at the instant asked for."""
    language: str = "nl"
    open_from: datetime | None = None
    """Begin of the opening or shift meant here; `None`: open already, for as long as known."""
    open_until: datetime | None = None
    """Half open; `None`: open all night."""
    affected: bool = True
    """Used the component in the last 30 days."""


@dataclass(frozen=True)
class Served:
    """Whom a component serves at one instant; no rows and not everybody: nobody now."""

    rows: Sequence[ReachRow]
    is_everybody: bool = False
    """What is told about it is for strangers too: who cannot sign in reads it at the door."""

    def audience(self, *, named_max: int) -> frozenset[UUID] | None:
        """Return whom to tell; `None`: all, also where more are served than can be named."""
        ids = frozenset(row.organisation_id for row in self.rows)
        return None if self.is_everybody or len(ids) > named_max else ids


class TooSoon(Refused):
    """The last attempt is less than ten minutes ago."""

    code = "incidents.callback_too_soon"


class RowDone(Refused):
    """This row was finished; what comes after belongs to the next round."""

    code = "incidents.callback_done"


def callback_list(rows: Iterable[ReachRow], *, now: datetime) -> tuple[ReachRow, ...]:
    """Return whom to call: affected and open now, or opening within the hour.

    Soonest closing first, open all night last; closing is half open.
    """

    def is_due(row: ReachRow) -> bool:
        still_open = row.open_until is None or now < row.open_until
        has_begun = row.open_from is None or row.open_from <= now + STARTS_WITHIN
        return row.affected and still_open and has_begun

    due = [row for row in rows if is_due(row)]
    due.sort(
        key=lambda row: (
            row.open_until is None,
            row.open_until.timestamp() if row.open_until else 0.0,
            row.name,
        )
    )
    return tuple(due[:ROWS_MAX])


def check_attempt(*, outcome: str, attempted: Sequence[datetime], now: datetime) -> None:
    """Pass if a row may be tried again now.

    :raises RowDone: if somebody was reached already.
    :raises TooSoon: if the last attempt is less than ten minutes ago.
    """
    if outcome == Outcome.REACHED:
        raise RowDone(marked("This organisation was reached; start a new round to call again."))
    if attempted and now - attempted[-1] < ATTEMPTS_APART:
        raise TooSoon(marked("Tried less than ten minutes ago; call again a little later."))


def is_for_next_contact(attempts_count: int) -> bool:
    """Return whether two attempts were made and the next contact is due."""
    return attempts_count >= ATTEMPTS_PER_CONTACT
