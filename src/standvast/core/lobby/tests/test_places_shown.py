"""A place shown only goes down, whichever process answers and on whichever device."""

import asyncio
import contextlib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from standvast.core.lobby.api import Limits, Load, join_set, let_in
from standvast.core.lobby.memory import Memory, Room, Status, status_of
from standvast.core.lobby.models import Lobby
from standvast.core.lobby.passes import COOKIE, make_pass
from standvast.core.lobby.poll import StatusPoll
from standvast.core.lobby.refresh import DatabaseClock, Refresher
from standvast.core.lobby.rules import KNOWN_S_MAX, SHOWN_AFTER_S, STEPS_MAX, Shown
from standvast.core.lobby.sets import Join, leave_set
from standvast.core.lobby.testing import crowd, lobby_at
from standvast.core.lobby.tests.conftest import START
from standvast.database.api import async_connect
from standvast.kit.ids import uuid7
from standvast.kit.tasks import end_tasks

SECOND = timedelta(seconds=1)
COMMIT_S_MAX = SHOWN_AFTER_S - KNOWN_S_MAX
FAST = Limits(rate_start_per_s=10, rate_max_per_s=10)
lettings_in = st.lists(
    st.tuples(st.floats(0.02, 3.0), st.integers(0, 40), st.floats(0.0, COMMIT_S_MAX)),
    min_size=1,
    max_size=40,
)


def committed(steps: list[tuple[float, int, float]]) -> list[tuple[float, Shown]]:
    """Return what the row held from which commit on; letting-in takes turns."""
    at_s, through, shown = 1_000.0, 0, Shown()
    rows = [(0.0, shown)]
    for pause_s, count, commit_s in steps:
        at_s, through = max(at_s, rows[-1][0]) + pause_s, through + count
        shown = shown.with_(through, at_s)
        rows.append((at_s + commit_s, shown))
    return rows


class TestShown:
    @given(lettings_in, st.floats(0.0, 1.0), st.floats(0.0, KNOWN_S_MAX - 0.001))
    def test_every_process_that_may_say_it_says_the_same(self, steps, when, age_s):
        rows = committed(steps)
        now_s = 1_000.0 + when * (rows[-1][0] + 5.0 - 1_000.0)

        def read(at_s: float) -> int:
            return [shown for from_s, shown in rows if from_s <= at_s][-1].at(now_s)

        assert read(now_s - age_s) == read(now_s)

    @given(lettings_in)
    def test_never_goes_back_and_gets_there(self, steps):
        rows = committed(steps)
        last = rows[-1][1]
        end_s = rows[-1][0]
        throughs = [shown.at(from_s) for from_s, shown in rows]

        assert throughs == sorted(throughs)
        assert all(len(shown.through) <= STEPS_MAX for _, shown in rows)
        through = sum(count for _, count, _ in steps)
        late = last.with_(through, end_s + 3.0).with_(through, end_s + 6.0)
        assert late.at(end_s + 9.0) == through

    def test_is_shown_two_seconds_after_it_was_written(self):
        shown = Shown().with_(7, 100.0)

        assert (shown.at(101.9), shown.at(102.0)) == (0, 7)

    def test_what_was_announced_is_not_dropped_for_want_of_room(self):
        shown = Shown()
        for number in range(1, 30):
            shown = shown.with_(number, 100.0 + number / 100)

        assert shown.through == tuple(range(1, STEPS_MAX + 1))


class Process:
    """What one serve knows since its last look."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.refresher = Refresher(self.memory)
        self.look()

    def look(self) -> None:
        async def inside() -> None:
            conn = await async_connect()
            await self.refresher.refresh(conn)
            await conn.close()

        asyncio.run(inside())

    def place(self, who: uuid.UUID, now: datetime) -> int | None:
        return status_of(self.memory.room("night"), who.bytes, now, seen=None).place


def last_of(process: Process, people: list[uuid.UUID]) -> uuid.UUID:
    places = process.memory.room("night").places
    return max(people, key=lambda one: places[one.bytes][1])


def closing(work, *args, **kwargs):
    with contextlib.closing(connection):
        return work(*args, **kwargs)


def done(work, *args):
    async def inside():
        conn = await async_connect()
        async with conn.transaction():
            found = await work(conn, *args)
        await conn.close()
        return found

    return asyncio.run(inside())


@pytest.mark.django_db(transaction=True)
class TestTwoProcessesOfDifferentAge:
    def test_a_second_device_at_the_older_one_is_told_the_same_place(self):
        lobby_id = lobby_at(START, limits=FAST)
        people = crowd(lobby_id, 100)
        one, other = Process(), Process()
        last = last_of(one, people)
        told = []
        for second in range(2, 8):
            at = START + second * SECOND
            let_in(lobby_id, at, load=Load(5_000, 0.05))
            (one if second % 2 else other).look()
            for later_s in (0.0, 0.3, 0.9):
                now = at + later_s * SECOND
                told += [process.place(last, now) for process in (one, other, one)]

        assert told == sorted(told, reverse=True)
        assert told[0] == 100
        assert told[-1] <= 70

    def test_who_leaves_ahead_or_comes_back_makes_no_difference_between_them(self):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 30)
        one, other = Process(), Process()
        last = last_of(one, people)
        gone = [person for person in people if person != last][:5]
        now = START + 2 * SECOND

        done(leave_set, lobby_id, gone)
        one.look()
        assert one.place(last, now) == other.place(last, now) == 30
        done(join_set, [Join(lobby_id, person) for person in gone], now)
        other.look()

        assert one.place(last, now) == other.place(last, now) == 30
        assert Process().place(last, now) == 30

    def test_a_late_comer_is_told_of_those_ahead_whom_this_process_has_not_read(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 3)
        process = Process()
        now = START + 2 * SECOND
        done(join_set, [Join(lobby_id, uuid7()) for _ in range(4)], now)
        mine = uuid7()
        (joined,) = done(join_set, [Join(lobby_id, mine)], now)

        process.memory.put(lobby_id.bytes, mine.bytes, ("waiting", joined.position, None))
        first = process.place(mine, now)
        process.look()

        assert first == process.place(mine, now) == 8

    def test_those_who_left_count_until_letting_in_has_passed_them(self):
        lobby_id = lobby_at(START, limits=FAST)
        people = crowd(lobby_id, 12)
        process = Process()
        last = last_of(process, people)
        done(leave_set, lobby_id, [person for person in people if person != last])

        let_in(lobby_id, START + 2 * SECOND, load=Load(5_000, 0.05))
        process.look()

        found = status_of(process.memory.room("night"), last.bytes, START + 2 * SECOND, seen=None)
        assert found.phase == "admitted"

    def test_shown_from_an_instant_that_the_database_says_not_the_sweep(self):
        """A sweep that began long ago must not announce an instant that is already past."""
        now = datetime.now(UTC)
        lobby_id = lobby_at(now - 60 * SECOND, limits=FAST)
        crowd(lobby_id, 30)

        let_in(lobby_id, now - 30 * SECOND, load=Load(5_000, 0.05))

        lobby = Lobby.objects.get(id=lobby_id)
        assert lobby.shown_through == [lobby.admitted_through]
        assert lobby.shown_from_s[0] >= now.timestamp() + SHOWN_AFTER_S - 1.0


@pytest.mark.django_db(transaction=True)
def test_two_serves_in_real_time_never_contradict_each_other():
    lobby_id = lobby_at(datetime.now(UTC) - 60 * SECOND, limits=FAST)
    people = crowd(lobby_id, 200)
    last = last_of(Process(), people)
    told: list[int | None] = []

    async def evening() -> None:
        memories = [Memory(), Memory()]
        refreshers = [Refresher(memory) for memory in memories]
        tasks = []
        for refresher in refreshers:
            tasks.append(asyncio.ensure_future(refresher.run()))
            await refresher.renewed()
            await asyncio.sleep(0.23)

        async def let_people_in() -> None:
            for _ in range(4):
                now = datetime.now(UTC)
                await asyncio.to_thread(closing, let_in, lobby_id, now, load=Load(5_000, 0.05))
                await asyncio.sleep(0.7)

        letting_in = asyncio.ensure_future(let_people_in())
        until_s = asyncio.get_running_loop().time() + 5.0
        while asyncio.get_running_loop().time() < until_s:
            for memory, refresher in zip(memories, refreshers, strict=True):
                room, now = memory.room("night"), refresher.now()
                known = refresher.is_known
                status = status_of(room, last.bytes, now, seen=None, is_known=known)
                told.append(status.place)
                await asyncio.sleep(0.03)  # nobody goes to another device quicker
        await letting_in
        await end_tasks(tasks)

    asyncio.run(evening())

    places = [place for place in told if place is not None]
    assert places == sorted(places, reverse=True)
    assert places[0] == 200 > places[-1]


@pytest.mark.django_db(transaction=True)
class TestNotKnown:
    def test_who_cannot_know_says_no_place_and_that_it_is_old(self):
        lobby_id = lobby_at(START)
        (mine,) = crowd(lobby_id, 1)
        room = Process().memory.room("night")
        now = START + 2 * SECOND

        found = status_of(room, mine.bytes, now, seen=None, is_known=False)

        assert (found.phase, found.place, found.ahead_count, found.stale) == (
            "waiting",
            None,
            None,
            True,
        )

    def test_knows_only_for_so_long_after_a_look(self, monkeypatch):
        lobby_at(START)
        process = Process()
        assert process.refresher.is_known

        process.refresher._read_s -= KNOWN_S_MAX

        assert not process.refresher.is_known
        assert not Refresher(Memory()).is_known

    @pytest.mark.parametrize(("drawn", "phase"), [(False, "gathering"), (True, "waiting")])
    def test_a_place_that_another_process_gave_is_not_denied(self, drawn, phase):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 1, drawn=drawn)
        room = Process().memory.room("night")
        now = START + 2 * SECOND

        found = status_of(room, uuid7().bytes, now, seen=None, is_unread=True)
        unknown = status_of(room, uuid7().bytes, now, seen=None)

        assert (found.phase, found.place) == (phase, None)
        assert unknown.phase == "not_joined"


@pytest.mark.django_db(transaction=True)
class TestPolled:
    """Over the route, in a process that looked once and then not again."""

    def polled(self, process: Process, lobby_id: uuid.UUID, who: uuid.UUID) -> Status:
        token = make_pass(
            lobby_id=lobby_id,
            organisation_id=who,
            session_key="s",
            expires_at=START + timedelta(days=1),
        )
        cookies = f"{settings.SESSION_COOKIE_NAME}=s; {COOKIE}night={token}"
        scope = {
            "headers": [(b"cookie", cookies.encode())],
            "query_string": b"",
            "path_params": {"slug": "night"},
        }
        process.poll = getattr(process, "poll", StatusPoll(process.memory, process.refresher))
        return process.poll.status(scope)

    def test_says_no_place_once_its_look_is_too_old(self):
        lobby_id = lobby_at(datetime.now(UTC) - 60 * SECOND)
        (mine,) = crowd(lobby_id, 1)
        process = Process()
        found = self.polled(process, lobby_id, mine)
        assert (found.place, found.stale) == (1, False)

        process.refresher._read_s -= KNOWN_S_MAX
        found = self.polled(process, lobby_id, mine)

        assert (found.phase, found.place, found.stale) == ("waiting", None, True)

    def test_does_not_deny_a_place_before_it_has_looked_again_and_denies_it_then(self):
        lobby_id = lobby_at(datetime.now(UTC) - 60 * SECOND)
        crowd(lobby_id, 1)
        process, nobody = Process(), uuid7()
        phases = [self.polled(process, lobby_id, nobody).phase for _ in range(2)]
        process.look()
        phases.append(self.polled(process, lobby_id, nobody).phase)

        assert phases == ["waiting", "waiting", "not_joined"]


class TestDatabaseClock:
    def at(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(2_000_000_000 + seconds, UTC)

    def offset(self, clock: DatabaseClock) -> float:
        return clock._offset_s - 2_000_000_000

    def test_a_slow_answer_does_not_spoil_a_sharp_comparison(self):
        clock = DatabaseClock()
        clock.note(self.at(10.0), asked_s=9.999, answered_s=10.001)
        clock.note(self.at(11.0), asked_s=11.0, answered_s=11.8)

        assert self.offset(clock) == pytest.approx(0.0, abs=1e-6)

    def test_a_comparison_that_contradicts_it_counts(self):
        clock = DatabaseClock()
        clock.note(self.at(10.0), asked_s=9.999, answered_s=10.001)
        clock.note(self.at(16.0), asked_s=11.0, answered_s=11.8)

        assert self.offset(clock) == pytest.approx(4.6, abs=1e-6)

    def test_an_old_comparison_gets_blunt(self):
        clock = DatabaseClock()
        clock.note(self.at(10.0), asked_s=9.999, answered_s=10.001)
        for number in range(30):
            at_s = 11.0 + number
            clock.note(self.at(at_s + 0.0025), asked_s=at_s - 0.002, answered_s=at_s + 0.002)

        assert self.offset(clock) == pytest.approx(0.0025, abs=1e-6)

    def test_a_clock_set_back_shows_nobody_a_higher_place(self):
        room = Room(row=None, shown=Shown((5,), (100.0,)))

        first = room.ahead_count(20, datetime.fromtimestamp(100.0, UTC))
        again = room.ahead_count(20, datetime.fromtimestamp(99.0, UTC))

        assert (first, again) == (14, 14)
