"""Orders under every mix of moves, on PostgreSQL: the counters always equal the open orders.

Concurrent batches run on two connections at once, as two serve processes would.
"""

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from standvast.care.campaigns.commit import commit
from standvast.care.campaigns.items import Confirm, GiveBack, Kept, Release, Take
from standvast.care.campaigns.models import Day, Order, Season
from standvast.care.campaigns.operations.days import CapacityBelowSold, change_day
from standvast.care.campaigns.operations.holds import expire_holds, give_back_silence
from standvast.care.campaigns.operations.orders import cancel_order, change_order
from standvast.care.campaigns.operations.seasons import pause_season, resume_season
from standvast.care.campaigns.testing import a_practice, a_season, counts_wrong, day_dates, invite
from standvast.database.api import async_connect, database_now
from standvast.kit.actor import Actor
from standvast.kit.errors import Refused

ORGANISATIONS = 5
who = st.integers(0, ORGANISATIONS - 1)
which_day = st.integers(0, 2)
doses = st.sampled_from([10, 50, 100, 150, 300, 0, 15, 10**9])
ago_s = st.sampled_from([0.0, 3.0, 30.0])
move = st.tuples(
    st.sampled_from(["take", "take", "place", "confirm", "confirm", "release", "give_back"]),
    who,
    which_day,
    doses,
    ago_s,
    st.sampled_from(["", "", "", "same-key"]),
)


class Orders(RuleBasedStateMachine):
    @initialize()
    def open_a_season(self):
        self.now = database_now()
        slug, year = f"s-{uuid4().hex[:12]}", 2_000 + Season.objects.count()
        self.season = a_season(now=self.now, slug=slug, year=year, doses_max=300, addresses_max=2)
        self.practices = [
            a_practice(f"P{n}", street=f"Straat {n % 4}") for n in range(ORGANISATIONS)
        ]  # two of them share an address
        invite(self.season, *self.practices)
        self.days = day_dates(self.season.id)
        self.confirmed = {}

    def actor(self, number):
        return Actor(person_id=uuid4(), organisation_id=self.practices[number].id, role="gp")

    def item(self, drawn):
        kind, number, day, count, ago, key = drawn
        actor, received_s = self.actor(number), time.monotonic() - ago
        if kind in ("take", "place"):
            name = key or str(uuid4())
            final = kind == "place"
            return Take(self.season.id, self.days[day], count, actor, name, received_s, final)
        mine = Order.objects.filter(organisation_id=actor.organisation_id).order_by("-id").first()
        order_id = mine.id if mine else uuid4()
        if kind == "confirm":
            return Confirm(order_id, actor, "c", received_s)
        if kind == "release":
            return Release(order_id, actor, "r", received_s)
        return GiveBack(order_id, actor, 1_500, received_s)

    async def written(self, items):
        conn = await async_connect()
        try:
            async with conn.transaction():
                return await commit(conn, items, self.now)
        except psycopg.errors.UniqueViolation:
            return []  # the group commit would try each item alone
        finally:
            await conn.close()

    def note(self, verdicts):
        for verdict in verdicts:
            if isinstance(verdict, Kept) and verdict.order.state == "confirmed":
                self.confirmed[verdict.order.id] = True

    @rule(drawn=st.lists(move, min_size=1, max_size=6))
    def a_batch(self, drawn):
        self.note(asyncio.run(self.written([self.item(one) for one in drawn])))

    @rule(left=st.lists(move, min_size=1, max_size=4), right=st.lists(move, min_size=1, max_size=4))
    def two_batches_at_once(self, left, right):
        items = [[self.item(one) for one in drawn] for drawn in (left, right)]

        async def both():
            return await asyncio.gather(*(self.written(batch) for batch in items))

        for verdicts in asyncio.run(both()):
            self.note(verdicts)

    @rule(seconds=st.sampled_from([1, 60, 299, 310]))
    def time_passes_and_the_sweep_runs(self, seconds):
        self.now += timedelta(seconds=seconds)
        expire_holds(now=self.now)

    @rule(seconds=st.sampled_from([2, 400]))
    def we_were_silent(self, seconds):
        give_back_silence(season_id=self.season.id, now=self.now)
        self.now += timedelta(seconds=seconds)
        give_back_silence(season_id=self.season.id, now=self.now)

    @rule(number=who, day=which_day, count=doses)
    def change(self, number, day, count):
        order = Order.objects.filter(
            organisation_id=self.practices[number].id, state="confirmed"
        ).first()
        if order is None:
            return
        try:
            change_order(
                order_id=order.id,
                on=self.days[day],
                doses=count,
                version=order.version,
                actor=self.actor(number),
                now=self.now,
            )
        except Refused:
            after = Order.objects.get(id=order.id)
            assert (after.day_id, after.doses) == (order.day_id, order.doses)

    @rule(number=who)
    def cancel(self, number):
        order = Order.objects.filter(
            organisation_id=self.practices[number].id, state="confirmed"
        ).first()
        if order is None:
            return
        actor = self.actor(number)
        cancel_order(order_id=order.id, version=order.version, actor=actor, now=self.now)
        self.confirmed.pop(order.id, None)

    @rule(day=which_day, count=st.sampled_from([0, 100, 300, 600]), places=st.integers(0, 4))
    def edit_a_capacity(self, day, count, places):
        try:
            change_day(
                slug=self.season.slug,
                on=self.days[day],
                doses_max=count,
                addresses_max=places,
                is_closed=False,
                actor=self.actor(0),
                now=self.now,
            )
        except CapacityBelowSold:
            row = Day.objects.get(season=self.season, on=self.days[day])
            assert row.doses_taken > count or row.addresses_taken > places

    @rule(seconds=st.sampled_from([1, 500]))
    def pause_and_go_on(self, seconds):
        pause_season(slug=self.season.slug, actor=self.actor(0), now=self.now)
        self.now += timedelta(seconds=seconds)
        expire_holds(now=self.now)
        resume_season(slug=self.season.slug, actor=self.actor(0), now=self.now)

    @invariant()
    def counters_are_the_open_orders(self):
        if hasattr(self, "season"):
            assert counts_wrong(self.season.id) == []

    @invariant()
    def nobody_has_two(self):
        if hasattr(self, "season"):
            open_orders = Order.objects.open().filter(season=self.season)
            counted = open_orders.values("organisation_id").annotate(count=Count("id"))
            assert all(row["count"] == 1 for row in counted)

    @invariant()
    def what_was_confirmed_stays(self):
        if hasattr(self, "season"):
            states = dict(Order.objects.filter(id__in=self.confirmed).values_list("id", "state"))
            assert all(states.get(order_id) == "confirmed" for order_id in self.confirmed)


@pytest.mark.django_db(transaction=True)
def test_counters_always_equal_the_open_orders():
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
