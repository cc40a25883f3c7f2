"""The hot path's transaction on PostgreSQL."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import IntegrityError, connection

from standvast.care.campaigns import commit as commit_module
from standvast.care.campaigns import rules
from standvast.care.campaigns.commit import commit
from standvast.care.campaigns.items import Confirm, GiveBack, Kept, Release, Take
from standvast.care.campaigns.models import Day, Order
from standvast.care.campaigns.operations.holds import expire_holds, give_back_silence
from standvast.care.campaigns.testing import a_practice, a_season, counts_wrong, day_dates, invite
from standvast.core.groupcommit.api import GroupCommit
from standvast.core.lobby.testing import crowd, let_everyone_in, lobby_at
from standvast.database.api import database_now
from standvast.kit.actor import Actor
from standvast.kit.tasks import end_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def actor(organisation):
    return Actor(person_id=uuid4(), organisation_id=organisation.id, role="gp")


def run(*items, at=None):
    """Commit a batch on a connection of its own, as the group does."""

    @async_to_sync
    async def go():
        name = connection.settings_dict["NAME"]
        info = psycopg.conninfo.make_conninfo(settings.DATABASE_URL, dbname=name)
        connecting = psycopg.AsyncConnection.connect(info, autocommit=True)
        async with await connecting as conn, conn.transaction():
            cursor = await conn.execute("SELECT clock_timestamp()")
            now = at or (await cursor.fetchone())[0]
            return await commit(conn, items, now)

    return go()


def meeting(first, second):
    """Decide on `second` while the transaction that holds `first` has not ended yet."""

    @async_to_sync
    async def go():
        name = connection.settings_dict["NAME"]
        info = psycopg.conninfo.make_conninfo(settings.DATABASE_URL, dbname=name)
        conns = [await psycopg.AsyncConnection.connect(info, autocommit=True) for _ in range(2)]
        now = datetime.now(UTC)
        async with conns[0] as one, conns[1] as other, other.transaction():
            async with one.transaction():
                verdicts = await commit(one, [first], now)
                late = asyncio.ensure_future(commit(other, [second], now))
                await asyncio.sleep(0.3)
                assert not late.done()
            return [*verdicts, *await late]

    return go()


def through_group(*items):
    """Commit a batch as a serve process does: by its group, decided anew if need be."""

    @async_to_sync
    async def go():
        group = GroupCommit(commit, name="campaigns")
        running = asyncio.ensure_future(group.run())
        try:
            return await asyncio.gather(*(group.submit(item) for item in items))
        finally:
            await end_tasks([running])

    return go()


def take(season, organisation, on, doses=100, *, key=None, final=False, ago_s=0.0, lobby=None):
    return Take(
        season.id,
        on,
        doses,
        actor(organisation),
        key or str(uuid4()),
        time.monotonic() - ago_s,
        final,
        season.lobby if lobby is None else lobby,
    )


def confirm(kept, organisation, *, ago_s=0.0):
    return Confirm(kept.order.id, actor(organisation), "confirm-1", time.monotonic() - ago_s)


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def season(now):
    return a_season(now=now, doses_max=300, addresses_max=2)


@pytest.fixture
def practice(season):
    practice = a_practice()
    invite(season, practice)
    return practice


@pytest.fixture
def on(season):
    return day_dates(season.id)[0]


class TestTake:
    def test_holds_a_place_and_counts_it(self, season, practice, on):
        (kept,) = run(take(season, practice, on, 100))

        assert isinstance(kept, Kept)
        assert kept.order.held_until - kept.at == timedelta(seconds=300)
        day = Day.objects.get(season=season, on=on)
        assert (day.doses_taken, day.addresses_taken) == (100, 1)
        assert counts_wrong(season.id) == []

    def test_one_that_does_not_fit_fails_alone(self, season, on):
        practices = [a_practice(f"P{n}", street=f"Straat {n}") for n in range(3)]
        invite(season, *practices)

        first, second, third = run(
            take(season, practices[0], on, 200),
            take(season, practices[1], on, 200),
            take(season, practices[2], on, 100),
        )

        assert isinstance(first, Kept)
        assert isinstance(second, rules.DayFull)
        assert second.values == {"left": 100}
        assert isinstance(third, Kept)
        assert counts_wrong(season.id) == []

    def test_who_waited_in_another_lobby_has_not_waited(self, now):
        season = a_season(now=now, lobby="night")
        practice = a_practice()
        invite(season, practice)
        lobby_id = lobby_at(now - timedelta(minutes=1), slug="night")
        crowd(lobby_id, organisation_ids=[practice.id])
        let_everyone_in(lobby_id, now)
        on = day_dates(season.id)[0]

        (elsewhere,) = run(take(season, practice, on, lobby="morning"))
        (nowhere,) = run(take(season, practice, on, lobby=""))
        (here,) = run(take(season, practice, on))

        assert isinstance(elsewhere, rules.PassNeeded)
        assert isinstance(nowhere, rules.PassNeeded)
        assert isinstance(here, Kept)

    def test_two_processes_that_meet_at_the_last_place_sell_it_once_and_say_so(self, season, on):
        practices = [a_practice(f"P{n}", street=f"Straat {n}") for n in range(2)]
        invite(season, *practices)

        first, second = meeting(*(take(season, one, on, 200) for one in practices))

        assert isinstance(first, Kept)
        assert isinstance(second, rules.DayFull)
        assert second.values == {"left": 100}
        assert counts_wrong(season.id) == []

    def test_one_address_counts_once_however_many_orders_go_there(self, season, on):
        practices = [a_practice(f"P{n}") for n in range(3)]
        invite(season, *practices)

        verdicts = run(*(take(season, practice, on, 100) for practice in practices))

        assert all(isinstance(verdict, Kept) for verdict in verdicts)
        assert Day.objects.get(season=season, on=on).addresses_taken == 1

    def test_refuses_a_third_address_where_two_fit(self, season, on):
        practices = [a_practice(f"P{n}", street=f"Straat {n}") for n in range(3)]
        invite(season, *practices)

        *_, last = run(*(take(season, practice, on, 10) for practice in practices))

        assert isinstance(last, rules.DayFull)
        assert counts_wrong(season.id) == []

    def test_the_same_key_gets_the_same_answer_in_one_batch_and_later(self, season, practice, on):
        first, second = run(
            take(season, practice, on, 100, key="k-12345678"),
            take(season, practice, on, 100, key="k-12345678"),
        )
        (third,) = run(take(season, practice, on, 100, key="k-12345678"))

        assert first.order.id == second.order.id == third.order.id
        assert second.is_repeat
        assert third.is_repeat
        assert Order.objects.count() == 1

    def test_the_same_key_with_another_request_is_refused(self, season, practice, on):
        run(take(season, practice, on, 100, key="k-12345678"))

        (second,) = run(take(season, practice, on, 200, key="k-12345678"))

        assert isinstance(second, rules.KeyUsedOtherwise)

    def test_moves_its_own_hold_and_keeps_its_clock(self, season, practice, on):
        other = day_dates(season.id)[1]
        (first,) = run(take(season, practice, on, 300))

        (second,) = run(take(season, practice, other, 200))

        assert second.order.held_until == first.order.held_until
        assert Day.objects.get(season=season, on=on).doses_taken == 0
        assert counts_wrong(season.id) == []

    def test_never_loses_the_old_hold_when_the_new_one_does_not_fit(self, season, practice, on):
        other = day_dates(season.id)[1]
        Day.objects.filter(season=season, on=other).update(doses_max=0)
        (first,) = run(take(season, practice, on, 300))

        (second,) = run(take(season, practice, other, 10))

        assert isinstance(second, rules.DayFull)
        assert Order.objects.get(id=first.order.id).state == "held"

    def test_grows_on_a_day_that_is_full_of_itself(self, season, practice, on):
        run(take(season, practice, on, 290))

        (second,) = run(take(season, practice, on, 300))

        assert isinstance(second, Kept)
        assert counts_wrong(season.id) == []

    @pytest.mark.parametrize("doses", [0, -10, 15, 10**9, 5_010])
    def test_refuses_a_quantity_that_cannot_be(self, season, practice, on, doses):
        (verdict,) = run(take(season, practice, on, doses))

        assert isinstance(verdict, rules.DosesWrong)
        assert Order.objects.count() == 0

    def test_refuses_a_day_that_is_none_or_closed_or_past(self, season, practice, on, now):
        Day.objects.filter(season=season, on=on).update(is_closed=True)
        past = Day.objects.create(season=season, on=now.date(), doses_max=100, addresses_max=100)

        closed, none, gone = run(
            take(season, practice, on),
            take(season, practice, on + timedelta(days=900)),
            take(season, practice, past.on),
        )

        assert isinstance(closed, rules.DayClosed)
        assert isinstance(none, rules.DayUnknown)
        assert isinstance(gone, rules.DayUnknown)

    def test_refuses_who_is_not_a_customer(self, season, on):
        (verdict,) = run(take(season, a_practice("Niet genodigd"), on))

        assert isinstance(verdict, rules.NotInvited)

    def test_a_place_is_confirmed_at_once(self, season, practice, on):
        (kept,) = run(take(season, practice, on, 100, final=True))

        order = Order.objects.get(id=kept.order.id)
        assert order.state == "confirmed"
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM delivery_delivery")
            assert cursor.fetchone()[0] == 1
            cursor.execute(
                "SELECT count(*) FROM journal_entry WHERE record_id = %s", [str(order.id)]
            )
            assert cursor.fetchone()[0] == 1

    def test_one_order_per_season(self, season, practice, on):
        run(take(season, practice, on, 100, final=True))

        (again,) = run(take(season, practice, on, 100, final=True))

        assert isinstance(again, rules.OneOrderPerSeason)

    def test_two_processes_that_meet_make_one_order(self, season, practice, on, monkeypatch):
        """What another process wrote between our read and our write is found by the index."""
        other = day_dates(season.id)[1]
        run(take(season, practice, other, 50, final=True))
        original, looks = commit_module._read, []

        async def blind_at_first(conn, items, at):
            batch = await original(conn, items, at)
            looks.append(at)
            if len(looks) == 1:  # as if the other were committed just after
                batch.open_by_customer.clear()
            return batch

        monkeypatch.setattr(commit_module, "_read", blind_at_first)
        bystander = a_practice()
        invite(season, bystander)

        verdicts = through_group(take(season, practice, on), take(season, bystander, on))

        assert isinstance(verdicts[0], rules.OneOrderPerSeason)
        assert isinstance(verdicts[1], Kept)
        assert len(looks) == 2
        assert counts_wrong(season.id) == []


class TestConfirm:
    def test_confirms_what_reached_us_in_time_however_late_we_are(self, season, practice, on, now):
        (kept,) = run(take(season, practice, on))
        late = kept.order.held_until + timedelta(seconds=4)

        (verdict,) = run(confirm(kept, practice, ago_s=4.5), at=late)

        assert isinstance(verdict, Kept)
        assert verdict.order.state == "confirmed"

    def test_refuses_what_reached_us_too_late(self, season, practice, on):
        (kept,) = run(take(season, practice, on))
        too_late = kept.order.held_until + rules.GRACE + timedelta(seconds=1)

        (verdict,) = run(confirm(kept, practice), at=too_late)

        assert isinstance(verdict, rules.HoldExpired)

    def test_counts_a_press_that_comes_again_after_its_process_died(self, season, practice, on):
        """The first was in time and lost; whoever takes the second knows nothing of it."""
        (kept,) = run(take(season, practice, on))
        again_at = kept.order.held_until + timedelta(seconds=2)
        expire_holds(now=again_at)

        (verdict,) = run(confirm(kept, practice), at=again_at)

        assert isinstance(verdict, Kept)
        assert verdict.order.state == "confirmed"
        assert counts_wrong(season.id) == []

    def test_revives_a_hold_that_ended_while_its_confirmation_waited(self, season, practice, on):
        (kept,) = run(take(season, practice, on))
        late = kept.order.held_until + timedelta(seconds=20)
        assert expire_holds(now=late) == 1

        (verdict,) = run(confirm(kept, practice, ago_s=21.0), at=late)

        assert isinstance(verdict, Kept)
        assert counts_wrong(season.id) == []
        assert Day.objects.get(season=season, on=on).doses_taken == 100

    def test_does_not_revive_into_a_place_that_has_gone(self, season, practice, on):
        (kept,) = run(take(season, practice, on, 300))
        late = kept.order.held_until + timedelta(seconds=20)
        expire_holds(now=late)
        other = a_practice("Ander")
        invite(season, other)
        run(take(season, other, on, 300))

        (verdict,) = run(confirm(kept, practice, ago_s=21.0), at=late)

        assert isinstance(verdict, rules.DayFull)
        assert counts_wrong(season.id) == []

    def test_another_practice_finds_no_such_order(self, season, practice, on):
        (kept,) = run(take(season, practice, on))

        (verdict,) = run(confirm(kept, a_practice("Vreemd")))

        assert isinstance(verdict, rules.OrderNotFound)

    def test_twice_is_once(self, season, practice, on):
        (kept,) = run(take(season, practice, on))

        first, second = run(confirm(kept, practice), confirm(kept, practice))

        assert not first.is_repeat
        assert second.is_repeat
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM delivery_delivery")
            assert cursor.fetchone()[0] == 1


class TestHolds:
    def test_a_release_frees_both_counters(self, season, practice, on):
        (kept,) = run(take(season, practice, on))

        run(Release(kept.order.id, actor(practice), "r", time.monotonic()))

        day = Day.objects.get(season=season, on=on)
        assert (day.doses_taken, day.addresses_taken) == (0, 0)
        assert counts_wrong(season.id) == []

    def test_our_own_time_is_given_back(self, season, practice, on):
        (kept,) = run(take(season, practice, on))

        (longer,) = run(GiveBack(kept.order.id, actor(practice), 4_000, time.monotonic()))

        assert longer.order.held_until - kept.order.held_until == timedelta(seconds=4)
        assert longer.order.given_back_ms == 4_000

    def test_a_lost_answer_is_given_back_once(self, season, practice, on):
        (kept,) = run(take(season, practice, on, key="k-12345678"))
        before = kept.order.held_until

        (second,) = run(
            take(season, practice, on, key="k-12345678"), at=kept.at + timedelta(seconds=9)
        )
        gained = second.order.held_until - before
        (third,) = run(
            take(season, practice, on, key="k-12345678"), at=kept.at + timedelta(seconds=20)
        )

        assert gained == timedelta(seconds=9)
        assert third.order.held_until == second.order.held_until

    def test_our_silence_is_given_back(self, season, practice, on):
        (kept,) = run(take(season, practice, on))
        give_back_silence(season_id=season.id, now=kept.at)

        give_back_silence(season_id=season.id, now=kept.at + timedelta(seconds=400))

        assert expire_holds(now=kept.at + timedelta(seconds=401)) == 0
        order = Order.objects.get(id=kept.order.id)
        assert order.held_until - kept.order.held_until == timedelta(seconds=400)
        assert order.given_back_ms == 400_000

    def test_a_hold_lives_through_its_grace(self, season, practice, on):
        (kept,) = run(take(season, practice, on))

        assert expire_holds(now=kept.order.held_until + timedelta(seconds=4.9)) == 0
        assert expire_holds(now=kept.order.held_until + timedelta(seconds=5.1)) == 1
        assert counts_wrong(season.id) == []

    def test_expiry_of_one_of_two_at_an_address_keeps_the_address(self, season, practice, on):
        neighbour = a_practice("Buur")
        invite(season, neighbour)
        (kept,) = run(take(season, practice, on))
        run(take(season, neighbour, on, final=True))

        assert expire_holds(now=kept.order.held_until + timedelta(seconds=6)) == 1

        assert Day.objects.get(season=season, on=on).addresses_taken == 1
        assert counts_wrong(season.id) == []


class TestTable:
    @pytest.mark.parametrize("field", ["doses_taken", "addresses_taken"])
    def test_holds_every_capacity_whatever_the_code_does(self, season, on, field):
        with pytest.raises(IntegrityError):
            Day.objects.filter(season=season, on=on).update(**{field: 301})
