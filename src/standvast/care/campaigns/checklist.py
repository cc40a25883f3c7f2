"""What must be so before a season may open. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from standvast.care.campaigns.rules import Day, SeasonTerms
from standvast.kit.words import marked
from standvast.kit.workdays import is_working_day

DOORS_BEFORE_MIN = timedelta(minutes=10)
FIRST_DELIVERY_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Item:
    """One point: what it asks, whether it is so, and what to do when not."""

    name: str
    title: str
    is_green: bool
    act: str
    values: dict[str, object] = field(default_factory=dict)


def checklist(
    season: SeasonTerms,
    days: Sequence[Day],
    *,
    customers_count: int,
    kinds_count: int,
    doses_last: int,
    now: datetime,
) -> Sequence[Item]:
    """Return the points that must all be green before opening."""
    offered = [day for day in days if not day.is_closed]
    return (
        *_when(season, offered, now=now),
        *_how_much(
            offered, customers_count=customers_count, kinds_count=kinds_count, doses_last=doses_last
        ),
    )


def _when(season: SeasonTerms, offered: Sequence[Day], *, now: datetime) -> Sequence[Item]:
    return (
        Item(
            "future",
            marked("The opening is still to come"),
            season.opens_at > now,
            marked("Choose a later opening."),
        ),
        Item(
            "doors",
            marked("The lobby opens at least ten minutes before ordering"),
            not season.lobby or season.opens_at - season.doors_at >= DOORS_BEFORE_MIN,
            marked("Let the doors open earlier."),
        ),
        Item(
            "days",
            marked("There are delivery days"),
            bool(offered),
            marked("Make delivery days."),
        ),
        Item(
            "working_days",
            marked("Every delivery day is a working day"),
            all(is_working_day(day.on, region=season.region) for day in offered),
            marked("Close the days that are not."),
        ),
        Item(
            "first_delivery",
            marked("The first delivery is at least two weeks after ordering ends"),
            not offered
            or min(day.on for day in offered) >= (season.closes_at + FIRST_DELIVERY_AFTER).date(),
            marked("Let ordering end earlier, or close the first days."),
        ),
    )


def _how_much(
    offered: Sequence[Day], *, customers_count: int, kinds_count: int, doses_last: int
) -> Sequence[Item]:
    doses = sum(day.doses_max for day in offered)
    addresses = sum(day.addresses_max for day in offered)
    return (
        Item(
            "customers",
            marked("There is somebody who may order"),
            customers_count > 0 and kinds_count > 0,
            marked("Say which kinds of organisation order."),
        ),
        Item(
            "doses",
            marked("There are as many doses as were ordered last year"),
            doses >= doses_last,
            marked("Raise the doses per day, or set a ceiling."),
            {"offered": doses, "last": doses_last},
        ),
        Item(
            "addresses",
            marked("There is a place for every organisation"),
            addresses >= customers_count,
            marked("Raise the addresses per day."),
            {"offered": addresses, "count": customers_count},
        ),
    )
