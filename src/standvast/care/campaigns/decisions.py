"""Who gets what: a batch decided in order of arrival against rows that are locked. Pure.

Greedy: one that does not fit is refused with what is left, and a later smaller one may still fit.
`Batch` holds what was read, moves it in memory, and afterwards says what must be written.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from standvast.care.campaigns import rules
from standvast.care.campaigns.items import (
    Confirm,
    GiveBack,
    Item,
    Kept,
    OrderRow,
    Release,
    Take,
    Verdict,
    received_at,
)
from standvast.care.campaigns.rules import CustomerTerms, Day, OrderState, SeasonTerms
from standvast.care.campaigns.tally import Tally
from standvast.kit.errors import Refused
from standvast.kit.ids import uuid7
from standvast.kit.words import marked

HELD, CONFIRMED = OrderState.HELD.value, OrderState.CONFIRMED.value
RELEASED, EXPIRED = OrderState.RELEASED.value, OrderState.EXPIRED.value


@dataclass(slots=True)
class Batch(Tally):
    """Decides; what it decided stands in the tally."""

    def decide(self, item: Item) -> Verdict:
        """Return the verdict on one item; later items see its effect."""
        try:
            match item:
                case Take():
                    return self._take(item)
                case Confirm():
                    return self._confirm(item)
                case Release():
                    return self._release(item)
                case GiveBack():
                    return self._give_back(item)
        except Refused as refused:
            return refused

    def _take(self, item: Take) -> Verdict:
        organisation_id = item.actor.organisation_id
        if (earlier := self.by_key.get((organisation_id, item.key))) is not None:
            return self._repeat(item, earlier)
        season = self.seasons.get(item.season_id)
        if season is None:
            raise rules.SeasonNotFound(marked("There is no such season."))
        received = received_at(item, now=self.now, monotonic_s=self.monotonic_s)
        rules.check_open(season, at=received)
        customer = self.customers.get((season.id, organisation_id))
        if customer is None:
            raise rules.NotInvited(marked("Your organisation does not order in this season."))
        rules.check_doses(item.doses, season=season, customer=customer)
        day = rules.check_day(self.days.get((season.id, item.on)), today=self.today)
        mine = self._mine(season, organisation_id, received=received)
        self._check_pass(season, organisation_id, mine)
        key = (day.id, customer.address_key)
        doses, stops = item.doses, self.stops.get(key, 0)
        if mine is not None and mine.day_id == day.id:  # its own place counts as free for it
            rules.check_fits(
                day,
                doses=doses - mine.doses,
                is_new_address=mine.address_key != customer.address_key and stops == 0,
            )
        else:
            rules.check_fits(day, doses=doses, is_new_address=stops == 0)
        if mine is not None:
            self.end(mine, RELEASED)
            self.told.append((mine, item, "campaigns.hold_moved"))
        order = self._new_order(item, season=season, customer=customer, day=day, before=mine)
        self.count(order, +1)
        self.inserted[order.id] = order
        self.orders[order.id] = order
        self.by_key[organisation_id, item.key] = order
        self.open_by_customer[season.id, organisation_id] = order
        if item.is_final:
            self.confirmed.append((order, item))
            self.told.append((order, item, "campaigns.order_placed"))
        else:
            self.told.append((order, item, "campaigns.hold_taken"))
        return self._kept(order)

    def _repeat(self, item: Take, earlier: OrderRow) -> Verdict:
        """Answer a repeated key with the order it made; nothing is decided again.

        A repeated hold shows that its answer was lost: that time is ours, once, within a bound.

        :raises KeyUsedOtherwise: if the key came with another request.
        """
        same = earlier.season_id == item.season_id and (
            earlier.version > 1 or (earlier.on == item.on and earlier.doses == item.doses)
        )
        if not same:
            raise rules.KeyUsedOtherwise(
                marked("This page is out of date. Reload it and do it again.")
            )
        if (
            earlier.state == HELD
            and earlier.given_back_ms == 0
            and earlier.day_id in self.days_by_id
        ):
            waited = min(self.now - earlier.hold_taken_at, rules.LOST_ANSWER_MAX)
            earlier.held_until += waited
            earlier.given_back_ms = int(waited.total_seconds() * 1_000)
            self.touch(earlier)
        return self._kept(earlier, is_repeat=True)

    def _kept(self, order: OrderRow, *, is_repeat: bool = False) -> Kept:
        return Kept(order, self.now, self.monotonic_s, is_repeat=is_repeat)

    def _mine(
        self, season: SeasonTerms, organisation_id: UUID, *, received: datetime
    ) -> OrderRow | None:
        """Return the organisation's live hold; end one whose time is over.

        :raises OneOrderPerSeason: if it has ordered.
        :raises PageOutOfDate: if the hold moved to another day between lock and read.
        """
        mine = self.open_by_customer.get((season.id, organisation_id))
        if mine is None:
            return None
        if mine.state == CONFIRMED:
            raise rules.OneOrderPerSeason(
                marked("Your order for this season stands already. You can change it.")
            )
        if mine.day_id not in self.days_by_id:
            raise rules.PageOutOfDate(
                marked("This page is out of date. Reload it and do it again.")
            )
        if not rules.is_in_time(held_until=mine.held_until, received_at=received):
            self.end(mine, EXPIRED)
            return None
        return mine

    def _check_pass(
        self, season: SeasonTerms, organisation_id: UUID, mine: OrderRow | None
    ) -> None:
        """Pass if it is the organisation's turn; a live hold is proof that it was.

        :raises PassNeeded: otherwise.
        """
        if not season.lobby or mine is not None:
            return
        if organisation_id not in self.admitted.get(season.lobby, frozenset()):
            raise rules.PassNeeded(
                marked("It is not your turn yet, or its time is over. The lobby shows your place.")
            )

    def _new_order(
        self,
        item: Take,
        *,
        season: SeasonTerms,
        customer: CustomerTerms,
        day: Day,
        before: OrderRow | None,
    ) -> OrderRow:
        """Build the row. A hold that replaces another keeps its clock: moving buys no time."""
        actor = item.actor
        return OrderRow(
            id=uuid7(),
            season_id=season.id,
            organisation_id=actor.organisation_id,
            day_id=day.id,
            on=day.on,
            address_key=customer.address_key,
            doses=item.doses,
            state=CONFIRMED if item.is_final else HELD,
            hold_taken_at=before.hold_taken_at if before else self.now,
            held_until=(
                before.held_until if before else self.now + timedelta(seconds=season.hold_s)
            ),
            given_back_ms=before.given_back_ms if before else 0,
            confirmed_at=self.now if item.is_final else None,
            ended_at=None,
            version=1,
            key_hold=item.key,
            key_confirm=item.key if item.is_final else "",
            person_id=actor.person_id,
            helping_from=actor.helping_from,
            language=actor.language,
        )

    def _confirm(self, item: Confirm) -> Verdict:
        order = self._own(item)
        if order.state == CONFIRMED:
            return self._kept(order, is_repeat=True)
        season = self.seasons[order.season_id]
        received = received_at(item, now=self.now, monotonic_s=self.monotonic_s)
        if season.state == rules.SeasonState.PAUSED:
            rules.check_open(season, at=received)
        last_at = order.held_until + rules.GRACE
        in_time = rules.is_in_time(held_until=last_at, received_at=received)
        if order.state == EXPIRED and in_time:
            self._revive(order)
        elif order.state != HELD or not in_time:
            raise rules.HoldExpired(
                marked("The time to confirm ran out and the place went back. Pick a day again.")
            )
        order.state, order.confirmed_at = CONFIRMED, self.now
        order.ended_at, order.key_confirm = None, item.key
        order.person_id, order.helping_from = item.actor.person_id, item.actor.helping_from
        order.language = item.actor.language
        self.touch(order)
        self.confirmed.append((order, item))
        self.told.append((order, item, "campaigns.order_confirmed"))
        return self._kept(order)

    def _revive(self, order: OrderRow) -> None:
        """Take the place again for somebody who was in time while we were not.

        :raises DayFull: if it has gone; OneOrderPerSeason: if they hold another by now.
        """
        customer_key = (order.season_id, order.organisation_id)
        if customer_key in self.open_by_customer:
            raise rules.OneOrderPerSeason(
                marked("Your order for this season stands already. You can change it.")
            )
        stops = self.stops.get((order.day_id, order.address_key), 0)
        rules.check_fits(
            self.days_by_id[order.day_id], doses=order.doses, is_new_address=stops == 0
        )
        self.count(order, +1)
        self.open_by_customer[customer_key] = order

    def _release(self, item: Release) -> Verdict:
        order = self._own(item)
        if order.state == RELEASED:
            return self._kept(order, is_repeat=True)
        if order.state == CONFIRMED:
            raise rules.PageOutOfDate(
                marked("This order is confirmed. You can change or cancel it on its page.")
            )
        if order.state == HELD:
            self.end(order, RELEASED)
            self.told.append((order, item, "campaigns.hold_released"))
        return self._kept(order)

    def _give_back(self, item: GiveBack) -> Verdict:
        order = self._own(item)
        if order.state == HELD:
            ms = min(item.ms, rules.GIVEN_BACK_MS_MAX - order.given_back_ms)
            order.held_until += timedelta(milliseconds=ms)
            order.given_back_ms += ms
            self.touch(order)
        return self._kept(order)

    def _own(self, item: Confirm | Release | GiveBack) -> OrderRow:
        """Return the order if it is this organisation's.

        :raises OrderNotFound: if there is none, or it is another's: the two are told apart for
            nobody.
        """
        order = self.orders.get(item.order_id)
        if order is None or order.organisation_id != item.actor.organisation_id:
            raise rules.OrderNotFound(marked("There is no such order in your organisation."))
        if order.day_id not in self.days_by_id:
            raise rules.PageOutOfDate(
                marked("This page is out of date. Reload it and do it again.")
            )
        return order
