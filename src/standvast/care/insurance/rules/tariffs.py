"""What a programme pays and since when: which amount counts, and what can be set. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from standvast.care.insurance.rules.programmes import DONE_IN, PROGRAMMES
from standvast.care.insurance.rules.quarters import FIRST_YEAR
from standvast.kit.errors import Invalid, Refused
from standvast.kit.words import marked

AHEAD = timedelta(days=731)
"""Nobody agrees on an amount for later."""
CENTS_MAX = 1_000_000
"""More than anything costs: a comma that was forgotten."""
ROWS_MAX = 200
"""Amounts of one thing, those that were taken back among them."""


class TariffDayNotPossible(Invalid):
    """No amount can count from that day on."""

    code = "insurance.tariff_day_not_possible"


class AmountNotPossible(Invalid):
    """No programme pays that."""

    code = "insurance.amount_not_possible"


class TooManyTariffs(Refused):
    """There are as many amounts for this as are kept."""

    code = "insurance.too_many_tariffs"


class TariffCounted(Refused):
    """The amount counts already, or did: it gives way to another one, and is not taken back."""

    code = "insurance.tariff_counted"


class Counts(StrEnum):
    """When an amount counts."""

    NOW = "now"
    TO_COME = "to_come"
    BEFORE = "before"
    NEVER = "never"
    """It was taken back, or gave way to another one for the same day."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a tariff decides when it counts."""

    from_on: date
    is_withdrawn: bool = False


def products() -> Iterator[tuple[str, str]]:
    """Yield everything that can have an amount: programme and activity; "" is the quarter."""
    for programme in PROGRAMMES:
        yield programme, ""
        for activity in DONE_IN[programme]:
            yield programme, activity


def counts(tariff: Standing, others: Iterable[Standing], *, today: date) -> Counts:
    """Return when an amount counts, among all there are of the same thing."""
    if tariff.is_withdrawn:
        return Counts.NEVER
    if tariff.from_on > today:
        return Counts.TO_COME
    is_over = any(
        tariff.from_on < other.from_on <= today for other in others if not other.is_withdrawn
    )
    return Counts.BEFORE if is_over else Counts.NOW


def check_tariff(*, from_on: date, cents: int, today: date) -> None:
    """Pass if this amount can be set from this day on.

    :raises TariffDayNotPossible: if the day lies too far away.
    :raises AmountNotPossible: if it is nothing, or more than anything costs.
    """
    if from_on.year < FIRST_YEAR or from_on > today + AHEAD:
        raise TariffDayNotPossible(
            marked("Choose a day from 2000 on, and not more than two years from now.")
        )
    if not 0 < cents <= CENTS_MAX:
        raise AmountNotPossible(marked("An amount is more than nothing and at most 10,000 euro."))


def check_not_counted(tariff: Standing, *, today: date) -> None:
    """Pass if an amount can be taken back: it never counted.

    :raises TariffCounted: if it counts already, or did.
    """
    if tariff.from_on <= today:
        raise TariffCounted(
            marked("This amount counts already. Set another one: this one stays as history.")
        )
