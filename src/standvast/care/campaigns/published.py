"""What ordering tells other modules, made from an order as it was just written."""

from datetime import date, datetime

from standvast.care.campaigns.decisions import Batch
from standvast.care.campaigns.models import Order
from standvast.events.campaigns import OrderCancelled, OrderChanged, OrderPlaced


def orders_placed(batch: Batch) -> list[OrderPlaced]:
    """Return what is told of the orders that a batch confirmed."""
    return [
        OrderPlaced(
            order_id=order.id,
            organisation_id=order.organisation_id,
            season=batch.seasons[order.season_id].slug,
            delivery_on=order.on,
            doses=order.doses,
            version=order.version,
            at=batch.now,
        )
        for order, _ in batch.confirmed
    ]


def order_changed(order: Order, *, on: date, now: datetime) -> OrderChanged:
    """Return what is told of an order with another day or quantity."""
    return OrderChanged(
        order_id=order.id,
        organisation_id=order.organisation_id,
        season=order.season.slug,
        delivery_on=on,
        doses=order.doses,
        version=order.version,
        at=now,
    )


def order_cancelled(order: Order, *, now: datetime) -> OrderCancelled:
    """Return what is told of an order whose place is free again."""
    return OrderCancelled(
        order_id=order.id,
        organisation_id=order.organisation_id,
        season=order.season.slug,
        version=order.version,
        at=now,
    )
