"""What a season and an order may be, and become. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from standvast.kit.errors import Refused
from standvast.kit.words import marked


class Programme(StrEnum):
    """What is vaccinated against."""

    FLU = "flu"
    PNEUMOCOCCAL = "pneumococcal"


PROGRAMME_TITLES: Mapping[str, str] = {
    Programme.FLU: marked("Flu"),
    Programme.PNEUMOCOCCAL: marked("Pneumococcal"),
}


class SeasonState(StrEnum):
    """Where a season stands. Whether it takes orders also depends on its instants."""

    PLANNED = "planned"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


SEASON_MOVES: Mapping[SeasonState, frozenset[SeasonState]] = {
    SeasonState.PLANNED: frozenset({SeasonState.OPEN, SeasonState.CLOSED}),
    SeasonState.OPEN: frozenset({SeasonState.PAUSED, SeasonState.CLOSED}),
    SeasonState.PAUSED: frozenset({SeasonState.OPEN, SeasonState.CLOSED}),
    SeasonState.CLOSED: frozenset(),
}


class OrderState(StrEnum):
    """Held and confirmed take up a place; the others do not."""

    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN_STATES = (OrderState.HELD.value, OrderState.CONFIRMED.value)
ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.HELD: frozenset({OrderState.CONFIRMED, OrderState.RELEASED, OrderState.EXPIRED}),
    OrderState.CONFIRMED: frozenset({OrderState.CANCELLED}),
    OrderState.RELEASED: frozenset(),
    OrderState.EXPIRED: frozenset({OrderState.CONFIRMED}),
    OrderState.CANCELLED: frozenset(),
}
"""From expired to confirmed: the person was in time and we were not, and the place is free."""


class SeasonMoveNotAllowed(Refused):
    """A season cannot go there from where it is."""

    code = "campaigns.season_move_not_allowed"


def check_season_state(current: str, wanted: SeasonState) -> None:
    """Pass if a season is where the person saw it.

    :raises SeasonMoveNotAllowed: if it is not.
    """
    if current != wanted:
        raise SeasonMoveNotAllowed(
            marked("The season was changed meanwhile. Look at it again before you go on.")
        )


def check_season_move(current: SeasonState, target: SeasonState) -> None:
    """Pass if a season may go from `current` to `target`.

    :raises SeasonMoveNotAllowed: if it may not.
    """
    if target not in SEASON_MOVES[current]:
        raise SeasonMoveNotAllowed(
            marked("The season was changed meanwhile. Look at it again before you go on.")
        )
