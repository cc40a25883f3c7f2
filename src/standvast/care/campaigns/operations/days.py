"""The capacities of a delivery day: never below what is sold."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from standvast.care.campaigns import rules
from standvast.care.campaigns.models import Day, Order
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused
from standvast.kit.words import marked


class CapacityBelowSold(Refused):
    """A day cannot have less than what is sold on it."""

    code = "campaigns.capacity_below_sold"

    def __init__(self, day: Day, organisation_ids: Sequence[UUID]) -> None:
        self.organisation_ids = organisation_ids
        """Whose orders would not fit, the last that came first."""
        super().__init__(
            marked(
                "Not below what is sold or held on this day: doses {doses}, addresses {addresses}."
                " Orders that would be hit: {count}."
            ),
            doses=day.doses_taken,
            addresses=day.addresses_taken,
            count=len(organisation_ids),
        )


@transaction.atomic(durable=True)
def change_day(
    *,
    slug: str,
    on: date,
    doses_max: int,
    addresses_max: int,
    is_closed: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Give a day other capacities, never below what is sold; or close it to new orders.

    :raises DayUnknown: if there is no such day.
    :raises CapacityBelowSold: with how many orders would be hit.
    """
    day = (
        Day.objects.select_for_update(no_key=True)
        .filter(season__slug=slug, on=on)
        .select_related(None)
        .first()
    )
    if day is None:
        raise rules.DayUnknown(marked("Nothing is delivered on that date."))
    if doses_max < day.doses_taken or addresses_max < day.addresses_taken:
        raise CapacityBelowSold(
            day, who_would_be_hit(day.id, doses_max=doses_max, addresses_max=addresses_max)
        )
    before: dict[str, Any] = {"doses_before": day.doses_max, "addresses_before": day.addresses_max}
    day.doses_max, day.addresses_max, day.is_closed = doses_max, addresses_max, is_closed
    day.version += 1
    day.save(update_fields=["doses_max", "addresses_max", "is_closed", "version"])
    record(
        entry_of(
            actor,
            at=now,
            action="U",
            event="campaigns.day_changed",
            record_kind="campaigns.day",
            record_id=str(day.id),
            detail={**before, "doses": doses_max, "addresses": addresses_max},
        )
    )


def who_would_be_hit(day_id: int, *, doses_max: int, addresses_max: int) -> Sequence[UUID]:
    """Return the organisations that came last and would not fit, the last first."""
    orders = Order.objects.filter(day_id=day_id).open().order_by("-hold_taken_at", "-id")
    rows = list(orders.values_list("organisation_id", "doses", "address_key"))
    doses, addresses = sum(row[1] for row in rows), len({row[2] for row in rows})
    hit: list[UUID] = []
    while rows and (doses > doses_max or addresses > addresses_max):
        organisation_id, count, _ = rows.pop(0)
        hit.append(organisation_id)
        doses -= count
        addresses = len({row[2] for row in rows})
    return hit
