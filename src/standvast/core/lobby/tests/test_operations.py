"""Joining, drawing, letting in, ending: on PostgreSQL, with real commits."""

import asyncio
import json
import random
import uuid
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import DataError, IntegrityError, transaction

from standvast.core.journal.api import recent
from standvast.core.lobby.api import (
    FREE_PLACES,
    Join,
    Limits,
    Load,
    LobbyNotFound,
    PlaceState,
    admitted_set,
    close_lobby,
    draw_if_due,
    expire_passes,
    finish_place,
    join_set,
    let_in,
    lobby_troubles,
    lobby_view,
    pause_lobby,
    place_view,
    plan_lobby,
    postpone_lobby,
    proof_of,
    proof_view,
    resume_lobby,
    sweep,
    undo_place,
    verify_proof,
)
from standvast.core.lobby.loads import load_reported
from standvast.core.lobby.models import Lobby, Place, ServeLoad
from standvast.core.lobby.operations.night import witness
from standvast.core.lobby.operations.planning import LobbyUnderWay
from standvast.core.lobby.seed import open_seed, seal_seed
from standvast.core.lobby.sets import Joined, NotJoined, leave_set
from standvast.core.lobby.testing import crowd, let_everyone_in, lobby_at, positions
from standvast.core.lobby.tests.conftest import AFTER, BEFORE, START, tampered
from standvast.database.api import async_connect
from standvast.kit.ids import uuid7
from standvast.kit.wiring import rewired

GOOD = Load(free_holds_count=10_000, page_p95_s=0.05)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db(transaction=True)


def joins(lobby_id: uuid.UUID, organisations: list[uuid.UUID]) -> list[Join]:
    return [Join(lobby_id, one, random.randbytes(16).hex()) for one in organisations]


class TestPlanLobby:
    def test_commits_to_a_seed_that_nobody_can_read_from_the_table(self):
        lobby = Lobby.objects.get(id=lobby_at(START))

        seed = open_seed(bytes(lobby.sealed_seed), lobby.id.bytes)
        assert lobby.seed is None
        assert seed not in bytes(lobby.sealed_seed)
        assert proof_view("night").seed == ""

    def test_moves_its_times_but_keeps_its_seed_until_somebody_waits(self, on_a_connection):
        lobby_id = lobby_at(START)
        before = Lobby.objects.get(id=lobby_id)

        assert lobby_at(START + SECOND) == lobby_id
        after = Lobby.objects.get(id=lobby_id)
        assert after.starts_at == START + SECOND
        assert after.seed_commitment == before.seed_commitment

        on_a_connection(join_set, joins(lobby_id, [uuid7()]), BEFORE)
        with pytest.raises(LobbyUnderWay):
            lobby_at(START)

    def test_refuses_times_out_of_order(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            plan_lobby(slug="x", doors_at=START, starts_at=BEFORE, closes_at=AFTER)

    def test_a_sealed_seed_opens_in_its_own_lobby_only(self):
        sealed = seal_seed(b"s" * 32, b"a" * 16)

        with pytest.raises(InvalidTag):
            open_seed(sealed, b"b" * 16)


class TestJoinSet:
    def test_gives_one_place_per_organisation_however_often(self, on_a_connection):
        lobby_id, one, other = lobby_at(START), uuid7(), uuid7()

        first = on_a_connection(join_set, joins(lobby_id, [one, other, one]), BEFORE)
        again = on_a_connection(join_set, joins(lobby_id, [one]), BEFORE + SECOND)

        assert [found.organisation_id for found in first] == [one, other, one]
        assert first[0].ticket == first[2].ticket == again[0].ticket
        assert again[0].joined_at == BEFORE
        assert not again[0].is_new
        assert lobby_view("night").joined_count == lobby_view("night").waiting_count == 2

    def test_two_processes_at_once_agree(self, transactional_db):
        lobby_id = lobby_at(START)
        organisations = [uuid7() for _ in range(200)]

        async def process(number: int) -> dict[uuid.UUID, str]:
            conn = await async_connect()
            shuffled = random.Random(number).sample(organisations, 200)
            found = {}
            for first in range(0, 200, 40):
                async with conn.transaction():
                    batch = joins(lobby_id, shuffled[first : first + 40])
                    for joined in await join_set(conn, batch, BEFORE):
                        found[joined.organisation_id] = joined.ticket
            await conn.close()
            return found

        async def all_of_them() -> list[dict[uuid.UUID, str]]:
            return await asyncio.gather(*(process(number) for number in range(4)))

        seen = asyncio.run(all_of_them())

        assert all(one == seen[0] for one in seen)
        assert Place.objects.count() == lobby_view("night").joined_count == 200

    def test_late_comers_follow_in_order_of_arrival_without_a_gap(self, on_a_connection):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 10)

        late = []
        for number in range(3):
            found = on_a_connection(
                join_set, joins(lobby_id, [uuid7(), uuid7()]), AFTER + number * SECOND
            )
            late += [joined.position for joined in found]

        assert late == [11, 12, 13, 14, 15, 16]

    def test_says_why_not(self, on_a_connection):
        lobby_id = lobby_at(START)
        early = START - timedelta(hours=1)
        late = START + timedelta(days=1)

        def refused(lobby, at):
            (verdict,) = on_a_connection(join_set, joins(lobby, [uuid7()]), at)
            assert isinstance(verdict, NotJoined)
            return verdict.code

        assert refused(lobby_id, early) == "lobby.doors_shut"
        assert refused(lobby_id, late) == "lobby.closed"
        assert refused(uuid7(), BEFORE) == "lobby.not_found"
        close_lobby(lobby_id=lobby_id, now=BEFORE)
        assert refused(lobby_id, BEFORE) == "lobby.closed"

    def test_one_refused_join_does_not_fail_the_others(self, on_a_connection):
        lobby_id, one = lobby_at(START), uuid7()

        bad, good = on_a_connection(
            join_set, [Join(uuid7(), one), Join(lobby_id, one, "not a nonce")], BEFORE
        )

        assert isinstance(bad, NotJoined)
        assert isinstance(good, Joined)

    def test_is_in_the_journal_once_with_the_ticket(self, on_a_connection):
        lobby_id, one = lobby_at(START), uuid7()
        person = uuid7()
        join = Join(lobby_id, one, person_id=person, role="gp", from_address="192.0.2.1")

        (joined,) = on_a_connection(join_set, [join], BEFORE)
        on_a_connection(join_set, [join], BEFORE)

        (row,) = recent(one)
        assert (row.event, row.person_id, row.detail) == (
            "lobby.joined", person, {"ticket": joined.ticket},
        )  # fmt: skip


class TestTheTable:
    @pytest.mark.parametrize(
        "ticket",
        [
            "",
            ".",
            f"{'a' * 32}.{'b' * 31}",
            f"{'a' * 31}.{'b' * 32}",
            f"{'A' * 32}.{'b' * 32}",
            f"{'a' * 32}-{'b' * 32}",
            f"{'g' * 32}.{'b' * 32}",
            f"{'a' * 32}.{'b' * 30}\nb",
            f"{'a' * 30} a.{'b' * 32}",
            f"{'a' * 32}..{'b' * 31}",
        ],
    )
    def test_takes_no_ticket_that_is_not_whole(self, on_a_connection, ticket):
        lobby_id, one = lobby_at(START), uuid7()
        on_a_connection(join_set, joins(lobby_id, [one]), BEFORE)

        with pytest.raises((IntegrityError, DataError)):
            Place.objects.filter(organisation_id=one).update(ticket=ticket)


class TestRejoining:
    def test_after_leaving_before_the_draw_gives_the_same_ticket(self, on_a_connection):
        lobby_id, one = lobby_at(START), uuid7()
        (before,) = on_a_connection(join_set, joins(lobby_id, [one]), BEFORE)

        on_a_connection(leave_set, lobby_id, [one])
        (after,) = on_a_connection(join_set, joins(lobby_id, [one]), BEFORE + SECOND)

        assert (after.ticket, after.joined_at) == (before.ticket, before.joined_at)
        assert lobby_view("night").joined_count == 1

    def test_after_leaving_or_expiring_goes_to_the_end(self, on_a_connection):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 5)
        by_position = {position: one for one, position in positions(lobby_id).items()}
        let_in(lobby_id, AFTER + SECOND, load=GOOD)

        on_a_connection(leave_set, "night", [by_position[3]])
        expire_passes(AFTER + timedelta(seconds=700))
        again = on_a_connection(
            join_set, joins(lobby_id, [by_position[3], by_position[1]]), AFTER + SECOND
        )

        assert [joined.position for joined in again] == [6, 7]
        assert {joined.state for joined in again} == {PlaceState.WAITING}
        assert Place.objects.filter(lobby_id=lobby_id).count() == len(people)

    def test_does_not_give_a_used_place_back(self, on_a_connection):
        lobby_id = lobby_at(START)
        (one,) = crowd(lobby_id, 1)
        let_in(lobby_id, AFTER + SECOND, load=GOOD)
        on_a_connection(finish_place, "night", [one], AFTER)

        (again,) = on_a_connection(join_set, joins(lobby_id, [one]), AFTER)

        assert (again.state, again.is_new) == (PlaceState.USED, False)

    def test_lets_who_undid_its_use_come_again_at_the_end(self, on_a_connection):
        lobby_id = lobby_at(START)
        one, other = crowd(lobby_id, 2)
        let_in(lobby_id, AFTER + SECOND, load=GOOD)
        on_a_connection(finish_place, "night", [one], AFTER)

        undo_place(lobby="night", organisation_id=one)
        undo_place(lobby="night", organisation_id=other)
        again, untouched = on_a_connection(join_set, joins(lobby_id, [one, other]), AFTER)

        assert (again.state, again.position) == (PlaceState.WAITING, 3)
        assert untouched.state == PlaceState.ADMITTED


class TestDraw:
    def test_can_be_recomputed_by_anyone(self, on_a_connection):
        lobby_id = lobby_at(START)
        on_a_connection(join_set, joins(lobby_id, [uuid7() for _ in range(60)]), BEFORE)
        witness(lobby_id, BEFORE + SECOND)
        on_a_connection(join_set, joins(lobby_id, [uuid7() for _ in range(40)]), BEFORE)
        on_a_connection(join_set, joins(lobby_id, [uuid7() for _ in range(5)]), START)

        assert draw_if_due(START) == []
        assert draw_if_due(AFTER) == ["night"]
        assert draw_if_due(AFTER) == []

        proof = json.loads(json.dumps(proof_of("night")))
        assert verify_proof(proof) == []
        assert proof["drawn_count"] == 100
        assert len(proof["witnessed"]) == 1
        assert sorted(positions(lobby_id).values()) == list(range(1, 106))

    @pytest.mark.parametrize(
        "text",
        [
            "UPDATE lobby_place SET drawn_position = 101 - drawn_position",
            "DELETE FROM lobby_place WHERE drawn_position = 7",
            "UPDATE lobby_place SET joined_at = joined_at + interval '1 hour' WHERE position = 7",
            "UPDATE lobby_place SET ticket = reverse(ticket) WHERE position = 7",
            "UPDATE lobby_lobby SET seed = sha256('other')",
            "UPDATE lobby_lobby SET root = encode(sha256('other'), 'hex')",
            "UPDATE lobby_witness SET tickets_count = 3",
        ],
    )
    def test_finds_what_was_changed_afterwards(self, text):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 100, drawn=False)
        witness(lobby_id, START - SECOND)
        draw_if_due(AFTER)
        assert verify_proof(proof_of("night")) == []

        tampered(text)

        assert verify_proof(proof_of("night"))

    def test_nothing_is_added_behind_a_witness(self, on_a_connection):
        lobby_id = lobby_at(START)
        witness(lobby_id, BEFORE)

        (joined,) = on_a_connection(join_set, joins(lobby_id, [uuid7()]), BEFORE - SECOND)

        assert joined.joined_at > BEFORE

    def test_does_not_ask_who_left_before_it(self, on_a_connection):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 20, drawn=False)
        on_a_connection(leave_set, lobby_id, people[:10])
        draw_if_due(AFTER)

        admitted = let_in(lobby_id, AFTER + 2 * SECOND, load=GOOD).count

        assert admitted == 10
        assert verify_proof(proof_of("night")) == []

    def test_counts_who_was_stored_too_late_as_late_and_stays_true(self, on_a_connection):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 5)

        (joined,) = on_a_connection(join_set, joins(lobby_id, [uuid7()]), BEFORE)

        assert joined.position == 6
        assert verify_proof(proof_of("night")) == []


class TestLetIn:
    def test_lets_nobody_in_before_the_draw(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 5, drawn=False)

        assert let_in(lobby_id, AFTER, load=GOOD).count == 0

    def test_goes_in_order_and_no_faster_than_the_rule(self, on_a_connection):
        lobby_id = lobby_at(START, limits=Limits(rate_start_per_s=10, rate_max_per_s=10))
        crowd(lobby_id, 100)

        counts = [
            let_in(lobby_id, START + second * SECOND, load=GOOD).count for second in range(2, 6)
        ]

        inside = Place.objects.filter(lobby_id=lobby_id, state="admitted")
        assert sum(counts) == 40
        assert sorted(inside.values_list("position", flat=True)) == list(range(1, 41))
        assert Lobby.objects.get(id=lobby_id).admitted_through == 40

    def test_waits_until_those_inside_finish(self, on_a_connection):
        lobby_id = lobby_at(START, limits=Limits(rate_start_per_s=50, in_flight_max=20))
        people = crowd(lobby_id, 100)
        for second in range(2, 30):
            let_in(lobby_id, START + second * SECOND, load=GOOD)
        assert lobby_view("night").admitted_count == 20

        finished = on_a_connection(finish_place, lobby_id, people, START + 30 * SECOND)
        let_in(lobby_id, START + 31 * SECOND, load=GOOD)

        assert len(finished) == 20
        assert 0 < lobby_view("night").admitted_count <= 20

    def test_never_lets_more_in_than_there_are_free_holds(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 100)

        for second in range(2, 20):
            let_in(
                lobby_id, START + second * SECOND, load=Load(free_holds_count=7, page_p95_s=0.01)
            )

        assert lobby_view("night").admitted_count == 7

    def test_passes_over_those_who_left(self, on_a_connection):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 10)
        on_a_connection(leave_set, lobby_id, people)

        assert let_in(lobby_id, AFTER, load=GOOD).count == 0
        assert Lobby.objects.get(id=lobby_id).admitted_through == 10

    def test_knows_no_unknown_lobby(self):
        with pytest.raises(LobbyNotFound):
            let_in(uuid7(), AFTER, load=GOOD)


class TestPasses:
    def test_are_good_for_ten_minutes_and_then_for_nobody(self, on_a_connection):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 3)
        let_everyone_in(lobby_id, AFTER)
        last = AFTER + timedelta(seconds=599)

        assert on_a_connection(admitted_set, "night", people, last) == set(people)
        assert on_a_connection(admitted_set, lobby_id, people, last + SECOND) == set()
        assert expire_passes(last) == 0
        assert expire_passes(last + SECOND) == 3

    def test_a_hold_taken_in_time_may_be_confirmed_after_its_pass_expired(self, on_a_connection):
        lobby_id = lobby_at(START)
        (one,) = crowd(lobby_id, 1)
        let_everyone_in(lobby_id, AFTER)
        expire_passes(AFTER + timedelta(seconds=600))

        assert on_a_connection(finish_place, lobby_id, [one], AFTER) == {one}
        assert on_a_connection(finish_place, lobby_id, [one], AFTER) == set()
        assert place_view("night", one).state is PlaceState.USED

    def test_are_not_for_who_waits_left_or_is_done_nor_in_a_closed_lobby(self, on_a_connection):
        lobby_id = lobby_at(START)
        people = crowd(lobby_id, 3)
        assert on_a_connection(admitted_set, lobby_id, people, AFTER) == set()
        let_everyone_in(lobby_id, AFTER)

        on_a_connection(leave_set, lobby_id, [people[0]])
        on_a_connection(finish_place, lobby_id, [people[1]], AFTER)
        assert on_a_connection(admitted_set, lobby_id, people, AFTER) == {people[2]}
        close_lobby(lobby_id=lobby_id, now=AFTER)
        assert on_a_connection(admitted_set, lobby_id, people, AFTER) == set()


class TestPausing:
    def test_charges_nobody_for_the_time_that_it_stood_still(self, on_a_connection):
        lobby_id = lobby_at(START, limits=Limits(rate_start_per_s=3, rate_max_per_s=3))
        people = crowd(lobby_id, 50)
        let_in(lobby_id, AFTER + SECOND, load=GOOD)
        inside = on_a_connection(admitted_set, lobby_id, people, AFTER + 2 * SECOND)
        hour = timedelta(hours=1)

        pause_lobby(lobby_id=lobby_id, now=AFTER + 2 * SECOND)
        pause_lobby(lobby_id=lobby_id, now=AFTER + 9 * SECOND)
        for second in range(3, 6):
            sweep(AFTER + second * SECOND)
        sweep(AFTER + hour)
        assert lobby_troubles(AFTER + hour) == []
        assert on_a_connection(admitted_set, lobby_id, people, AFTER + hour) == inside
        resume_lobby(lobby_id=lobby_id, now=AFTER + hour)
        resume_lobby(lobby_id=lobby_id, now=AFTER + hour + SECOND)

        last = AFTER + hour + timedelta(seconds=597)
        assert on_a_connection(admitted_set, lobby_id, people, last) == inside
        assert on_a_connection(admitted_set, lobby_id, people, last + 3 * SECOND) == set()
        assert let_in(lobby_id, AFTER + hour + SECOND, load=GOOD).count > 0

    def test_the_draw_moves_later_only_and_keeps_everybody(self, on_a_connection):
        lobby_id = lobby_at(START)
        on_a_connection(join_set, joins(lobby_id, [uuid7() for _ in range(9)]), BEFORE)

        with pytest.raises(LobbyUnderWay):
            postpone_lobby(lobby_id=lobby_id, starts_at=START - SECOND, now=BEFORE)
        postpone_lobby(lobby_id=lobby_id, starts_at=START + 60 * SECOND, now=BEFORE)
        on_a_connection(join_set, joins(lobby_id, [uuid7()]), START + SECOND)

        assert draw_if_due(AFTER) == []
        assert draw_if_due(AFTER + 60 * SECOND) == ["night"]
        assert proof_view("night").drawn_count == 10
        with pytest.raises(LobbyUnderWay):
            postpone_lobby(lobby_id=lobby_id, starts_at=START + 99 * SECOND, now=AFTER)


class TestSweep:
    def test_runs_a_whole_night(self, on_a_connection):
        lobby_id = lobby_at(START, limits=Limits(rate_start_per_s=20))
        on_a_connection(join_set, joins(lobby_id, [uuid7() for _ in range(50)]), BEFORE)

        with rewired(FREE_PLACES.filled(lambda slug: 30 if slug == "night" else None)):
            for second in range(-120, 60):
                sweep(START + second * SECOND)

        assert lobby_view("night").admitted_count == 30
        assert len(proof_view("night").witnessed) >= 3
        assert verify_proof(proof_of("night")) == []
        sweep(START + timedelta(hours=13))
        assert lobby_view("night").state == "closed"

    def test_asks_the_slowest_serve_that_spoke_lately(self):
        for name, p95_s, ago in (("a", 0.1, 1), ("b", 0.7, 2), ("gone", 9.0, 60)):
            ServeLoad.objects.create(
                serve=name, at=START - ago * SECOND, page_p95_s=p95_s, pages_count=10
            )

        assert load_reported("night", START).page_p95_s == 0.7
        assert load_reported("night", START + SECOND * 60).page_p95_s is None


class TestTroubles:
    def test_are_none_in_a_night_that_goes_well(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 100, drawn=False)

        for second in range(-10, 30):
            now = START + second * SECOND
            sweep(now)
            assert lobby_troubles(now) == []

    def test_are_a_draw_that_was_not_held(self):
        lobby_at(START)

        (found,) = lobby_troubles(START + 11 * SECOND)

        assert (found.slug, found.code) == ("night", "lobby.not_drawn")

    def test_are_people_who_wait_while_nobody_lets_in(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 100)
        let_in(lobby_id, AFTER, load=GOOD)

        (found,) = lobby_troubles(AFTER + 16 * SECOND)

        assert (found.code, found.count) == (
            "lobby.stands_still",
            lobby_view("night").waiting_count,
        )

    def test_are_somebody_passed_over_and_a_pass_that_never_ends(self):
        lobby_id = lobby_at(START)
        crowd(lobby_id, 10)
        let_everyone_in(lobby_id, AFTER)
        tampered("UPDATE lobby_place SET state = 'waiting' WHERE position = 3")
        later = AFTER + timedelta(minutes=12)
        tampered("UPDATE lobby_lobby SET let_in_at = %s", [later])

        found = {trouble.code: trouble.count for trouble in lobby_troubles(later)}

        assert found == {"lobby.passed_over": 1, "lobby.pass_not_ended": 9}
