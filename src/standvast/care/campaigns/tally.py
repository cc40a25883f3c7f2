"""The state of things as locked and read, and what a batch's decisions change in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from standvast.care.campaigns import rules
from standvast.care.campaigns.items import Item, OrderRow
from standvast.care.campaigns.rules import CustomerTerms, Day, SeasonTerms


@dataclass(slots=True)
class Tally:
    """The state of things as locked and read, and what the decisions change in it."""

    now: datetime
    monotonic_s: float
    today: date
    seasons: Mapping[int, SeasonTerms]
    customers: Mapping[tuple[int, UUID], CustomerTerms]
    days: dict[tuple[int, date], Day]
    stops: dict[tuple[int, str], int]
    orders: dict[UUID, OrderRow]
    admitted: Mapping[str, frozenset[UUID]]
    """By lobby: the organisations whose pass is good now."""

    open_by_customer: dict[tuple[int, UUID], OrderRow] = field(default_factory=dict)
    by_key: dict[tuple[UUID, str], OrderRow] = field(default_factory=dict)
    days_by_id: dict[int, Day] = field(default_factory=dict)
    inserted: dict[UUID, OrderRow] = field(default_factory=dict)
    updated: dict[UUID, OrderRow] = field(default_factory=dict)
    confirmed: list[tuple[OrderRow, Item]] = field(default_factory=list)
    told: list[tuple[OrderRow, Item, str]] = field(default_factory=list)
    """For the journal: order, item, event."""
    doses_delta: dict[int, int] = field(default_factory=dict)
    addresses_delta: dict[int, int] = field(default_factory=dict)
    stops_touched: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.days_by_id = {day.id: day for day in self.days.values()}
        for order in self.orders.values():
            self.by_key[order.organisation_id, order.key_hold] = order
            if order.state in rules.OPEN_STATES:
                self.open_by_customer[order.season_id, order.organisation_id] = order

    def end(self, order: OrderRow, state: str) -> None:
        assert state in rules.ORDER_MOVES[rules.OrderState(order.state)], "rules.states"
        order.state, order.ended_at = state, self.now
        self.count(order, -1)
        self.touch(order)
        self.open_by_customer.pop((order.season_id, order.organisation_id), None)

    def touch(self, order: OrderRow) -> None:
        if order.id not in self.inserted:
            self.updated[order.id] = order

    def count(self, order: OrderRow, sign: int) -> None:
        """Move both counters and the stop together."""
        day, key = self.days_by_id[order.day_id], (order.day_id, order.address_key)
        doses = sign * order.doses
        day.doses_taken += doses
        self.doses_delta[day.id] = self.doses_delta.get(day.id, 0) + doses
        before = self.stops.get(key, 0)
        self.stops[key] = after = before + sign
        assert after >= 0, "a stop is counted once per order"
        addresses = sign if before == 0 or after == 0 else 0
        day.addresses_taken += addresses
        self.addresses_delta[day.id] = self.addresses_delta.get(day.id, 0) + addresses
        self.stops_touched.add(key)
