"""The draw: anyone can recompute it, and nobody can change it unseen."""

import json
import os
import random
import subprocess
import sys
from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.core.lobby import fairness
from standvast.core.lobby.fairness import (
    Listed,
    Witnessed,
    commitment_of,
    drawn_order,
    root_of,
    ticket_of,
    verify_draw,
)

SEED = bytes(range(32))
START = "2026-06-01T00:00:00.000000Z"
EARLY = "2026-05-31T23:50:00.000000Z"
LATE = "2026-06-01T00:00:00.100000Z"


def tickets(count: int) -> list[str]:
    made = random.Random(count)
    return [ticket_of(made.randbytes(16).hex(), SEED, made.randbytes(16)) for _ in range(count)]


def held(count: int = 20, late: int = 2) -> dict:
    given_tickets = tickets(count + late)
    early = given_tickets[:count]
    root = root_of(early)
    place = {ticket: at for at, ticket in enumerate(drawn_order(SEED, root, early), start=1)}
    return {
        "seed": SEED.hex(),
        "commitment": commitment_of(SEED),
        "root": root,
        "starts_at": START,
        "listed": [Listed(ticket, EARLY, place[ticket]) for ticket in early]
        + [Listed(ticket, LATE, None) for ticket in given_tickets[count:]],
        "witnessed": [Witnessed(EARLY, count, root)],
    }


class TestVerifyDraw:
    def test_passes_a_draw_as_promised(self):
        assert verify_draw(**held()) == []

    @pytest.mark.parametrize("what", ["seed", "commitment", "root"])
    def test_finds_another(self, what):
        draw = held()
        draw[what] = "11" * 32

        assert verify_draw(**draw)

    def test_finds_two_places_exchanged(self):
        draw = held()
        first, second, *rest = draw["listed"]
        draw["listed"] = [
            replace(first, drawn_position=second.drawn_position),
            replace(second, drawn_position=first.drawn_position),
            *rest,
        ]

        assert len(verify_draw(**draw)) == 2

    def test_finds_a_ticket_left_out_added_or_listed_twice(self):
        draw = held()
        out = {**draw, "listed": draw["listed"][1:]}
        added = {**draw, "listed": [*draw["listed"], Listed(tickets(30)[-1], EARLY, 21)]}
        twice = {**draw, "listed": [*draw["listed"], draw["listed"][0]]}

        assert all(verify_draw(**changed) for changed in (out, added, twice))

    def test_finds_a_late_comer_drawn_and_an_early_one_not(self):
        draw = held()
        *kept, last = draw["listed"]
        late_drawn = {**draw, "listed": [*kept, replace(last, drawn_position=21)]}
        early_not = {
            **draw,
            "listed": [replace(draw["listed"][0], drawn_position=None), *draw["listed"][1:]],
        }

        assert verify_draw(**late_drawn)
        assert verify_draw(**early_not)

    def test_finds_a_ticket_added_behind_the_back_of_a_witness_with_everything_else_redone(self):
        before = held(20, late=0)
        after = held(21, late=0)
        after["witnessed"] = before["witnessed"]

        assert len(verify_draw(**after)) == 1

    def test_finds_what_is_not_a_ticket(self):
        draw = held()
        draw["listed"] = [*draw["listed"], Listed("x", LATE, None)]

        assert verify_draw(**draw) == ["not a ticket: x"]


class TestTheOrder:
    @given(st.permutations(tickets(12)))
    def test_does_not_depend_on_who_came_first(self, shuffled):
        root = root_of(shuffled)

        assert drawn_order(SEED, root, shuffled) == drawn_order(SEED, root, tickets(12))

    def test_changes_for_everybody_with_one_more_device_nonce(self):
        one = tickets(200)
        other = [*one[:-1], ticket_of("ab" * 16, SEED, b"x" * 16)]

        moved = [
            a != b
            for a, b in zip(
                drawn_order(SEED, root_of(one), one[:-1]),
                drawn_order(SEED, root_of(other), other[:-1]),
                strict=True,
            )
        ]

        assert sum(moved) > 150

    def test_gives_everybody_the_same_chance(self):
        rounds, people = 600, 8
        wins = dict.fromkeys(range(people), 0)
        for number in range(rounds):
            seed = random.Random(number).randbytes(32)
            mine = [ticket_of(bytes([p] * 16).hex(), seed, bytes([p] * 16)) for p in range(people)]
            wins[mine.index(drawn_order(seed, root_of(mine), mine)[0])] += 1

        expected = rounds / people
        chi_square = sum((count - expected) ** 2 / expected for count in wins.values())
        assert chi_square < 24.3  # 7 degrees of freedom, one in a thousand


class TestRunByAnyone:
    def proof(self, tmp_path, **changes):
        draw = held()
        proof = {
            **{name: draw[name] for name in ("seed", "commitment", "root", "starts_at")},
            "drawn_count": 20,
            "tickets": [
                [line.ticket, line.joined_at, line.drawn_position] for line in draw["listed"]
            ],
            "witnessed": [list(astuple(seen)) for seen in draw["witnessed"]],
        } | changes
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(proof))
        return path, proof["tickets"][0]

    def run(self, *words):
        return subprocess.run(
            [sys.executable, "-I", fairness.__file__, *map(str, words)],
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"]},
            check=False,
        )

    def test_needs_nothing_but_python(self, tmp_path):
        path, (ticket, _, place) = self.proof(tmp_path)

        done = self.run(path, ticket)

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [
            "The draw holds: 20 tickets.",
            f"Your ticket was drawn as number {place}.",
        ]

    def test_fails_on_a_changed_proof_and_before_the_draw(self, tmp_path):
        assert self.run(self.proof(tmp_path, root="22" * 32)[0]).returncode == 1
        assert self.run(self.proof(tmp_path, seed="")[0]).returncode == 1
