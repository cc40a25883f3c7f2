"""What campaigns tell other modules: facts of the past, versioned by name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from standvast.events.event import Event


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    """An order was confirmed: its place is sold."""

    name: ClassVar[str] = "campaigns.order_placed.v1"

    order_id: UUID
    organisation_id: UUID
    season: str
    delivery_on: date
    doses: int
    version: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.order_id)

    @property
    def key(self) -> str:
        return f"{self.order_id}.{self.version}"


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """An order has another day or quantity; the version before stays readable."""

    name: ClassVar[str] = "campaigns.order_changed.v1"

    order_id: UUID
    organisation_id: UUID
    season: str
    delivery_on: date
    doses: int
    version: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.order_id)

    @property
    def key(self) -> str:
        return f"{self.order_id}.{self.version}"


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """An order was cancelled: its place is free."""

    name: ClassVar[str] = "campaigns.order_cancelled.v1"

    order_id: UUID
    organisation_id: UUID
    season: str
    version: int
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.order_id)

    @property
    def key(self) -> str:
        return f"{self.order_id}.{self.version}"
