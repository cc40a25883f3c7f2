"""Reads: how lanes stand, what became of one delivery. Frozen rows, never a payload."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from standvast.core.delivery.lanes import LANES, lane_of
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.operations import PACKAGE
from standvast.core.delivery.rules import State
from standvast.core.delivery.views import DeliveryView, LaneView, delivery_of, view_of
from standvast.database.api import named_sql
from standvast.kit.errors import NotFound
from standvast.kit.wiring import wired
from standvast.kit.words import marked

LIST_COUNT_MAX = 100


class LaneNotFound(NotFound):
    """This installation has no such lane."""

    code = "delivery.lane_not_found"


class DeliveryNotFound(NotFound):
    """There is no such delivery."""

    code = "delivery.not_found"


def lane_views(now: datetime) -> list[LaneView]:
    """Return how every lane stands: the wired ones in their order, then what nobody drains."""
    rows = {row["lane"]: row for row in _rows("lane_views", lane=None)}
    lanes = {lane.name: lane for lane in wired(LANES)}
    names = [*lanes, *sorted(rows.keys() - lanes.keys())]
    return [view_of(name, lanes.get(name), rows.get(name), now) for name in names]


def lane_view(name: str, now: datetime) -> LaneView:
    """Return how one lane stands.

    :raises LaneNotFound: if there is none of this name.
    """
    lane = lane_of(name)
    row = next(iter(_rows("lane_views", lane=name)), None)
    if lane is None and row is None:
        raise LaneNotFound(marked("There is no such lane."))
    return view_of(name, lane, row, now)


def needs_person(lane: str) -> list[DeliveryView]:
    """Return what was refused and nobody has taken up, newest first; at most 100."""
    found = Delivery.objects.filter(lane=lane, state=State.REFUSED.value, handed_to="")
    return [delivery_of(row) for row in found.order_by("-settled_at")[:LIST_COUNT_MAX]]


def needs_person_count() -> int:
    """Return how many deliveries need a person, over all lanes; 1000 stands for more."""
    found = Delivery.objects.filter(state=State.REFUSED.value, handed_to="")
    return found[:1000].count()


def handed_over(lane: str) -> list[DeliveryView]:
    """Return what people took up, newest first; at most 100."""
    found = Delivery.objects.filter(lane=lane, state=State.REFUSED.value).exclude(handed_to="")
    return [delivery_of(row) for row in found.order_by("-settled_at")[:LIST_COUNT_MAX]]


def next_deliveries(lane: str) -> list[dict[str, Any]]:
    """Return what the lane attempts next, at most 100, urgent first."""
    return _rows("next_deliveries", lane=lane, count_max=LIST_COUNT_MAX)


def delivery_view(delivery_id: int) -> DeliveryView:
    """Return one delivery.

    :raises DeliveryNotFound: if there is none of this number.
    """
    row = Delivery.objects.filter(id=delivery_id).defer("payload").first()
    if row is None:
        raise DeliveryNotFound(marked("There is no such delivery."))
    return delivery_of(row)


def receipt_of(lane: str, key: str) -> DeliveryView | None:
    """Return what became of a delivery, for the receipt line; None if it was never handed in."""
    row = Delivery.objects.filter(lane=lane, key=key).defer("payload").first()
    return delivery_of(row) if row is not None else None


def receipts_of(lane: str, keys: Sequence[str]) -> dict[str, DeliveryView]:
    """Return what became of deliveries by key; at most 500 keys."""
    assert len(keys) <= 500, "ask for a page at a time"
    found = Delivery.objects.filter(lane=lane, key__in=keys).defer("payload")
    return {row.key: delivery_of(row) for row in found}


def _rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(named_sql(PACKAGE, name), parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
