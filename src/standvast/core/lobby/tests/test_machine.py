"""Whatever happens in whatever order: memory is the tables, places only go down, one place each."""

import asyncio
import math
import random
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standvast.core.lobby.api import (
    Limits,
    Load,
    close_lobby,
    draw_if_due,
    expire_passes,
    finish_place,
    join_set,
    let_in,
    proof_of,
    verify_proof,
)
from standvast.core.lobby.memory import PLACE, Memory, status_of, unpacked
from standvast.core.lobby.models import Place
from standvast.core.lobby.refresh import Refresher
from standvast.core.lobby.rules import MOVES, PlaceState
from standvast.core.lobby.sets import Join, leave_set
from standvast.core.lobby.testing import crowd, lobby_at
from standvast.core.lobby.tests.conftest import AFTER, BEFORE, START
from standvast.database.api import async_connect
from standvast.kit.ids import uuid7
from standvast.kit.tasks import end_tasks

SECOND = timedelta(seconds=1)
PEOPLE = [uuid7() for _ in range(12)]
steps = st.lists(
    st.tuples(
        st.sampled_from(["join", "join", "leave", "let_in", "finish", "expire", "draw"]),
        st.lists(st.integers(0, len(PEOPLE) - 1), min_size=1, max_size=6),
    ),
    max_size=25,
)


def told(memory: Memory, now) -> dict[uuid.UUID, tuple]:
    """What everybody is told."""
    room = memory.room("night")
    found = {}
    for one in PEOPLE:
        status = status_of(room, one.bytes, now, seen=None)
        found[one] = (status.phase, status.place, status.ahead_count)
    return found


def refreshed(refresher: Refresher) -> None:
    async def inside() -> None:
        conn = await async_connect()
        await refresher.refresh(conn)
        await conn.close()

    asyncio.run(inside())


def fresh() -> Memory:
    """A process that has just started."""
    memory = Memory()
    refreshed(Refresher(memory))
    return memory


def in_transaction(work, *args):
    async def inside():
        conn = await async_connect()
        async with conn.transaction():
            found = await work(conn, *args)
        await conn.close()
        return found

    return asyncio.run(inside())


def do(step: str, who: list[uuid.UUID], lobby_id: uuid.UUID, now) -> None:
    match step:
        case "join":
            in_transaction(join_set, [Join(lobby_id, one) for one in who], now)
        case "leave":
            in_transaction(leave_set, lobby_id, who)
        case "let_in":
            let_in(lobby_id, now, load=Load(free_holds_count=50, page_p95_s=0.1))
        case "finish":
            in_transaction(finish_place, lobby_id, who, now)
        case "expire":
            expire_passes(now)
        case "draw":
            draw_if_due(now)


@pytest.mark.django_db(transaction=True)
class TestWhateverHappens:
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(steps)
    def test_memory_is_the_tables_and_places_only_go_down(self, todo):
        Place.objects.all().delete()
        slug_seed = random.Random(len(todo)).randbytes(32)
        from standvast.core.lobby.models import Lobby, Witness

        Witness.objects.all().delete()
        Lobby.objects.all().delete()
        lobby_id = lobby_at(
            START, limits=Limits(rate_start_per_s=1, rate_max_per_s=1), seed=slug_seed
        )
        memory = Memory()
        refresher = Refresher(memory)
        refreshed(refresher)
        now = BEFORE
        before = told(memory, now)
        states: dict[uuid.UUID, str] = {}
        for step, numbers in todo:
            now = max(now + SECOND, AFTER) if step == "draw" else now + SECOND
            do(step, [PEOPLE[number] for number in numbers], lobby_id, now)
            refreshed(refresher)

            assert told(memory, now) == told(fresh(), now)
            after = told(memory, now)
            for one in PEOPLE:
                if before[one][0] == after[one][0] == "waiting":
                    assert after[one][1] <= before[one][1]
            before = after
            rows = dict(Place.objects.values_list("organisation_id", "state"))
            for one, state in rows.items():
                moved = states.get(one, state)
                # A place that was left and joined again between two looks has made two moves.
                assert state == moved or PlaceState(state) in MOVES[PlaceState(moved)]
            states = rows
            taken = [p for p in Place.objects.values_list("position", flat=True) if p is not None]
            assert len(taken) == len(set(taken))
        draw_if_due(max(now, AFTER))
        assert verify_proof(proof_of("night")) == []


@pytest.mark.django_db(transaction=True)
class TestAcrossProcesses:
    def test_a_crowd_is_told_the_same_after_every_process_was_killed(self):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 3_000)
        for second in range(2, 8):
            let_in(lobby_id, START + second * SECOND, load=Load(5_000, 0.05))
        before = fresh()

        after = fresh()

        now = START + 9 * SECOND
        rooms = before.room("night"), after.room("night")
        one, other = (
            [status_of(room, person.bytes, now, seen=None) for person in people] for room in rooms
        )
        assert one == other
        places = sorted(status.place for status in one if status.place is not None)
        assert places == list(range(1, len(places) + 1))

    @pytest.mark.slow  # a transaction of another test beside it, on the same server, is read anew
    def test_reads_only_what_changed(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 500)
        refresher = Refresher(Memory())
        refreshed(refresher)

        in_transaction(leave_set, lobby_id, [Place.objects.all()[0].organisation_id])
        refreshed(refresher)
        refreshed(refresher)

        assert refresher.rows_count <= 500 + 2

    @pytest.mark.slow  # as above
    def test_a_new_lobby_does_not_make_the_others_be_read_again(self):
        crowd(lobby_at(START), 500)
        memory = Memory()
        refresher = Refresher(memory)
        refreshed(refresher)
        before = refresher.rows_count

        crowd(lobby_at(START, slug="second"), 3)
        refreshed(refresher)

        assert len(memory.room("second").places) == 3
        assert refresher.rows_count - before == 3

    def test_what_was_written_under_a_number_given_out_again_is_not_missed(self):
        lobby_id = lobby_at(START)
        memory = Memory()

        async def cut_off() -> None:
            refresher = Refresher(memory)
            task = asyncio.ensure_future(refresher.run())
            await refresher.renewed()
            await asyncio.to_thread(crowd, lobby_id, 3)
            async with await async_connect() as conn:
                await conn.execute("UPDATE lobby_place SET version = 1")
                await conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'standvast lobby memory'"
                )
            async with asyncio.timeout(10):
                while len(memory.room("night").places) < 3:
                    await refresher.renewed()
            await end_tasks([task])

        asyncio.run(cut_off())

        assert len(memory.room("night").places) == 3

    def test_a_transaction_that_commits_late_is_not_missed(self):
        lobby_id = lobby_at(START)
        one, other = crowd(lobby_id, 2)
        memory = Memory()
        refresher = Refresher(memory)

        async def interleaved() -> None:
            slow, quick, reading = [await async_connect() for _ in range(3)]
            await refresher.refresh(reading)
            async with slow.transaction():
                await leave_set(slow, lobby_id, [one])
                async with quick.transaction():
                    await leave_set(quick, lobby_id, [other])
                await refresher.refresh(reading)
            await refresher.refresh(reading)
            for conn in (slow, quick, reading):
                await conn.close()

        asyncio.run(interleaved())

        room = memory.room("night")
        assert [room.places[p.bytes][0] for p in (one, other)] == ["left", "left"]

    def test_a_process_that_is_far_behind_never_shows_a_higher_place(self):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 100)
        behind = fresh()
        let_in(lobby_id, START + 2 * SECOND, load=Load(5_000, 0.05))
        ahead = fresh()
        last = max(people, key=lambda one: behind.room("night").places[one.bytes][1])
        now = START + 5 * SECOND

        shown = status_of(ahead.room("night"), last.bytes, now, seen=None).place
        again = status_of(behind.room("night"), last.bytes, now, seen=shown).place

        assert again == shown < 100

    def test_a_place_from_before_joining_again_is_not_believed(self):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 500)
        room = fresh().room("night")
        last = max(people, key=lambda one: room.places[one.bytes][1])

        status = status_of(room, last.bytes, AFTER, seen=3)

        assert status.place == 500

    def test_nothing_is_said_about_how_long_once_letting_in_stands_still(self):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 3_000)
        for second in range(2, 50):
            let_in(lobby_id, START + second * SECOND, load=Load(5_000, None))
        room = fresh().room("night")
        last = max(people, key=lambda one: room.places[one.bytes][1])

        going = status_of(room, last.bytes, START + 50 * SECOND, seen=None)
        still = status_of(room, last.bytes, START + 80 * SECOND, seen=None)

        assert going.estimate_reliable
        assert going.estimate_s == pytest.approx(going.place / 25, rel=0.1)
        assert (still.estimate_s, still.estimate_reliable) == (None, False)

    def test_a_closed_lobby_says_so(self):
        lobby_id = lobby_at(START)
        (one,) = crowd(lobby_id, 1)
        close_lobby(lobby_id=lobby_id, now=AFTER)

        assert status_of(fresh().room("night"), one.bytes, AFTER, seen=None).phase == "closed"


class TestPacked:
    def test_says_what_was_packed_of_every_state(self):
        packed = b"".join(
            PLACE.pack(bytes([n]) * 16, state.value[:1].encode(), n - 1, n if n else math.nan)
            for n, state in enumerate(PlaceState)
        )

        assert list(unpacked(packed)) == [
            (
                bytes([n]) * 16,
                (state.value, n - 1 if n else None, float(n) if n else None),
            )
            for n, state in enumerate(PlaceState)
        ]


class TestTake:
    def test_ignores_lobbies_it_does_not_know(self):
        memory = Memory()

        memory.put(b"x" * 16, b"y" * 16, ("waiting", 1, None))

        assert memory.room("night") is None
