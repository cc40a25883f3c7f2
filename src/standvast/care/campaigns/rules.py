"""When one may order, how much, and what an order may become. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from standvast.kit.errors import Gone, Invalid, NotAllowed, NotFound, Refused
from standvast.kit.words import marked

STEP_DEFAULT = 10
HOLD_S_DEFAULT = 300
HOLD_S_MIN = 10
HOLD_S_MAX = 3_600
CHANGE_WORKING_DAYS_MIN = 8
DOSES_MAX = 100_000
"""Nobody orders more at once; a kind of customer may have a lower bound."""
KEY_LENGTH_MAX = 64
DAYS_PER_SEASON_MAX = 400
FUNCTION = "campaigns.order"
"""The function that the desk can close: what is held may still be confirmed."""
PROBE_YEAR = 1900
"""The year of the season that only probes order in; no page shows it."""
GRACE = timedelta(seconds=5)
"""The sweep leaves a hold alone for this long after its time: a confirmation may be under way."""
GIVEN_BACK_MS_MIN = 500
"""Below half a second our own slowness is not worth a write."""

GIVEN_BACK_MS_MAX = 3_600_000
LOST_ANSWER_MAX = timedelta(seconds=60)
"""A repeated request for a hold gives back the time since the first, at most this, once."""


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


# --- when ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeasonTerms:
    """What a season's orders are decided on."""

    id: int
    slug: str
    programme: str
    year: int
    state: str
    opens_at: datetime
    doors_at: datetime
    closes_at: datetime
    paused_at: datetime | None
    step: int
    hold_s: int
    change_working_days_min: int
    ceiling_percent: int | None
    lobby: str
    region: str


class SeasonNotFound(NotFound):
    """There is no such season."""

    code = "campaigns.season_not_found"


class NotOpenYet(Refused):
    """Ordering has not begun."""

    code = "campaigns.not_open_yet"


class SeasonPaused(Refused):
    """Ordering stands still; kept places stay kept."""

    code = "campaigns.season_paused"


class SeasonClosed(Gone):
    """Ordering has ended."""

    code = "campaigns.season_closed"


def check_open(season: SeasonTerms, *, at: datetime) -> None:
    """Pass if the season takes orders at this instant.

    :raises NotOpenYet, SeasonPaused, SeasonClosed: if not.
    """
    if season.state == SeasonState.CLOSED or at >= season.closes_at:
        raise SeasonClosed(marked("Ordering for this season has ended."))
    if season.state == SeasonState.PLANNED or at < season.opens_at:
        raise NotOpenYet(marked("Ordering has not begun yet. The countdown says when it does."))
    if season.state == SeasonState.PAUSED:
        raise SeasonPaused(
            marked(
                "Ordering is paused for a moment. A place that you hold stays yours and its time"
                " stands still."
            )
        )


# --- how much -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """One organisation in one season: where it is delivered and what it may order."""

    organisation_id: UUID
    season_id: int
    kind: str
    address_key: str
    ordered_last: int | None
    administered_last: int | None
    doses_max: int


class NotInvited(NotAllowed):
    """The organisation is not of a kind that orders in this season."""

    code = "campaigns.not_invited"


class DosesWrong(Invalid):
    """The quantity cannot be ordered, on any day."""

    code = "campaigns.doses_wrong"


def doses_ceiling(season: SeasonTerms, customer: CustomerTerms) -> int:
    """Return the most this customer may order: its kind's bound, or last year's share.

    Rounded up to a whole step, so that a small practice is never held under what it used. Without
    figures of last year only the kind's bound counts.
    """
    bound = min(customer.doses_max, DOSES_MAX)
    bound -= bound % season.step
    if season.ceiling_percent is None or not customer.ordered_last:
        return bound
    share = customer.ordered_last * season.ceiling_percent
    steps = -(-share // (100 * season.step))
    return min(bound, max(season.step, steps * season.step))


def check_doses(doses: int, *, season: SeasonTerms, customer: CustomerTerms) -> None:
    """Pass if this quantity may be ordered by this customer in this season.

    :raises DosesWrong: with what would be right.
    """
    if doses <= 0:
        raise DosesWrong(marked("Order at least {step} doses."), step=season.step)
    if doses % season.step:
        raise DosesWrong(
            marked("Order in steps of {step}: {lower} or {higher} doses."),
            step=season.step,
            lower=max(season.step, doses - doses % season.step),
            higher=doses - doses % season.step + season.step,
        )
    if doses > (ceiling := doses_ceiling(season, customer)):
        raise DosesWrong(
            marked("You can order at most {ceiling} doses this season."), ceiling=ceiling
        )


# --- where --------------------------------------------------------------------------------------


class DayUnknown(Invalid):
    """Nothing is delivered on that date."""

    code = "campaigns.day_unknown"


class DayClosed(Refused):
    """The programme office closed this day."""

    code = "campaigns.day_closed"


class DayFull(Refused):
    """What is asked for does not fit on this day any more."""

    code = "campaigns.day_full"


@dataclass(slots=True)
class Day:
    """A delivery day as locked; a batch counts in it while it decides."""

    id: int
    season_id: int
    on: date
    doses_max: int
    doses_taken: int
    addresses_max: int
    addresses_taken: int
    is_closed: bool
    version: int

    @property
    def doses_left(self) -> int:
        return self.doses_max - self.doses_taken

    @property
    def addresses_left(self) -> int:
        return self.addresses_max - self.addresses_taken


def check_day(day: Day | None, *, today: date) -> Day:
    """Return the day if one may still ask for it.

    :raises DayUnknown, DayClosed: if not.
    """
    if day is None or day.on <= today:
        raise DayUnknown(marked("Nothing is delivered on that date. Pick a day in the calendar."))
    if day.is_closed:
        raise DayClosed(marked("This day is closed. Pick another day."))
    return day


def check_fits(day: Day, *, doses: int, is_new_address: bool) -> None:
    """Pass if the doses and, when new on this day, the address still fit.

    :raises DayFull: with what is left.
    """
    if doses > day.doses_left:
        raise DayFull(
            marked("On this day {left} doses are left, fewer than you asked for."),
            left=day.doses_left,
        )
    if is_new_address and day.addresses_left < 1:
        raise DayFull(marked("On this day every delivery address is taken. Pick another day."))


# --- the hold's clock ---------------------------------------------------------------------------


class HoldExpired(Gone):
    """The time of the hold ran out before the person confirmed."""

    code = "campaigns.hold_expired"


def is_in_time(*, held_until: datetime, received_at: datetime) -> bool:
    """Whether a confirmation counts: by when it reached us, not when we got round to it."""
    return received_at <= held_until


def is_expired(*, held_until: datetime, now: datetime) -> bool:
    """Whether the sweep may end a hold; later than its time, for what is still under way."""
    return now > held_until + GRACE


def pause_to_give_back(
    *, hold_taken_at: datetime, paused_at: datetime, resumed_at: datetime
) -> timedelta:
    """Return how long the hold's clock stood still: the part of the pause that it saw."""
    return max(timedelta(0), resumed_at - max(paused_at, hold_taken_at))


# --- orders -------------------------------------------------------------------------------------


class OrderNotFound(NotFound):
    """No such order in this organisation."""

    code = "campaigns.order_not_found"


class OneOrderPerSeason(Refused):
    """The organisation has its order already; it can be changed."""

    code = "campaigns.one_order_per_season"


class KeyUsedOtherwise(Refused):
    """The same key came with another request."""

    code = "campaigns.key_used_otherwise"


class PageOutOfDate(Refused):
    """The order changed since the page was made."""

    code = "campaigns.page_out_of_date"


class ChangeTooLate(Gone):
    """The delivery is too near to change."""

    code = "campaigns.change_too_late"


class PassNeeded(NotAllowed):
    """It is not this organisation's turn: no pass, or one whose time is over."""

    code = "campaigns.pass_needed"


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def order_reference(order_id: UUID) -> str:
    """Return eight characters to read out by telephone; no letter looks like a digit."""
    rest, signs = order_id.int & ((1 << 62) - 1), []
    for _ in range(8):
        rest, place = divmod(rest, len(_ALPHABET))
        signs.append(_ALPHABET[place])
    return "".join(signs[:4]) + "-" + "".join(signs[4:])
