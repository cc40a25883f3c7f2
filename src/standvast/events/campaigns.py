"""What campaigns tell other modules: facts of the past, versioned by name."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """An order was confirmed: its place is sold."""

    order_id: UUID
    organisation_id: UUID
    season: str
    delivery_on: date
    doses: int
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order has another day or quantity; the version before stays readable."""

    order_id: UUID
    organisation_id: UUID
    season: str
    delivery_on: date
    doses: int
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """An order was cancelled: its place is free."""

    order_id: UUID
    organisation_id: UUID
    season: str
    version: int
    at: datetime
