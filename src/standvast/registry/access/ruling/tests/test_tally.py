import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.kit.actor import Actor
from standvast.registry.access.rules import Right, Role
from standvast.registry.access.ruling import tally as tally_file
from standvast.registry.access.ruling.cedar import Decision, Ruleset
from standvast.registry.access.ruling.declared import declared_text
from standvast.registry.access.ruling.memory import Memory
from standvast.registry.access.ruling.question import HERE, Holding, Layer
from standvast.registry.access.ruling.tally import Tally

RIGHTS = (
    Right("x.order", frozenset({Role.GP, Role.ASSISTANT}), "order"),
    Right("x.see", frozenset({Role.GP}), "see"),
)
ONE = Actor(uuid.UUID(int=1), uuid.UUID(int=2), "assistant", organisation_kind="practice")
STRICT = """@id("s")@sentence("s")forbid(principal,action==Action::"x.order",resource);"""
LOOSE = """@id("l")@sentence("l")permit(principal,action==Action::"x.see",resource);"""
FAULTY = STRICT.replace("resource)", "resource) when { principal.age > 1 }")


class Broken(Ruleset):
    """A candidate that breaks whenever it is asked."""

    def decide(self, actor, right, *, layer, record):
        raise RuntimeError("broken")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def memory_with(text: str, draw=lambda: 0.0) -> Memory:
    memory = Memory(draw)
    memory.of(RIGHTS)
    memory.take([(3, text, False)])
    return memory


def ask(memory: Memory, right="x.order", actor=ONE, layer=Layer.ROUTE) -> bool:
    return memory.decide(actor, right, layer=layer, record=HERE).is_allowed


class TestTheLiveAnswer:
    @given(
        st.sampled_from([STRICT, LOOSE, FAULTY, STRICT + LOOSE]),
        st.sampled_from(["x.order", "x.see"]),
        st.sampled_from([role.value for role in Role]),
        st.floats(0, 1, exclude_max=True),
    )
    def test_never_comes_from_the_candidate(self, text, right, role, drawn):
        actor = Actor(uuid.UUID(int=1), uuid.UUID(int=2), role, organisation_kind="practice")
        alone = Ruleset(declared_text(RIGHTS)).decide(actor, right, layer=Layer.ROUTE, record=HERE)

        assert ask(memory_with(text, lambda: drawn), right, actor) == alone.is_allowed

    @pytest.mark.parametrize("drawn", [0.0, 0.9])
    def test_stands_whatever_the_candidate_does_and_its_faults_are_counted(self, drawn):
        memory = memory_with(STRICT, lambda: drawn)
        memory._candidate = Broken(declared_text(RIGHTS), STRICT, number=3)

        assert ask(memory)

        judged = memory.tally.taken()
        assert (judged.faults_count, judged.not_judged_count) == (1, 1)
        assert not judged.differences

    def test_is_asked_first_or_second_by_lot(self):
        order = []

        class Told(Ruleset):
            def decide(self, actor, right, *, layer, record):
                order.append("candidate")
                return Decision(is_allowed=True)

        def live():
            order.append("live")
            return Decision(is_allowed=True)

        for candidate_first in (True, False):
            Tally().judge(
                Told(declared_text(RIGHTS)),
                live,
                actor=ONE,
                right="x.order",
                layer=Layer.ROUTE,
                record=HERE,
                candidate_first=candidate_first,
            )

        assert order == ["candidate", "live", "live", "candidate"]


class TestWhatIsCounted:
    def test_is_who_would_lose_or_gain_what_where_and_how_often(self):
        memory = memory_with(STRICT + LOOSE)
        for layer in (Layer.ROUTE, Layer.ROUTE, Layer.MENU):
            ask(memory, layer=layer)
        ask(memory, "x.see")

        found = memory.tally.taken().differences

        assert {(d.right, d.layer, d.is_loss): n for d, n in found.items()} == {
            ("x.order", "route", True): 2,
            ("x.order", "menu", True): 1,
            ("x.see", "route", False): 1,
        }
        assert memory.tally.taken() is None

    def test_is_not_what_an_exception_decides(self):
        memory = memory_with(STRICT)
        held = frozenset({Holding.EXCEPTION.of("x.order")})
        actor = Actor(ONE.person_id, ONE.organisation_id, "supplier", held=held)

        assert ask(memory, actor=actor)
        assert memory.tally.taken() is None

    def test_counts_as_faulty_what_a_candidate_could_not_read(self):
        memory = memory_with(FAULTY)
        ask(memory)

        assert memory.tally.taken().faults_count == 1

    def test_is_bounded_in_a_second_and_what_is_over_is_not_judged(self, monkeypatch):
        monkeypatch.setattr(tally_file, "JUDGED_PER_S_MAX", 3)
        memory, clock = memory_with(STRICT), Clock()
        memory.tally = Tally(clock)
        for _ in range(5):
            assert ask(memory)
        clock.now += 1
        assert ask(memory)

        judged = memory.tally.taken()
        assert (sum(judged.by_layer.values()), judged.not_judged_count) == (4, 2)

    def test_is_bounded_in_rows(self, monkeypatch):
        monkeypatch.setattr(tally_file, "ROWS_MAX", 1)
        memory = memory_with(STRICT)
        for number in range(3):
            ask(memory, actor=Actor(uuid.UUID(int=number), ONE.organisation_id, "gp"))

        judged = memory.tally.taken()
        assert (len(judged.differences), judged.not_judged_count) == (1, 2)


class TestMemory:
    def test_forgets_what_it_remembered_past_its_bound(self, monkeypatch):
        from standvast.registry.access.ruling import cedar

        monkeypatch.setattr(cedar, "REMEMBERED_MAX", 2)
        memory = memory_with(STRICT)
        for role in Role:
            ask(memory, actor=Actor(ONE.person_id, ONE.organisation_id, role.value))

        assert len(memory.live._known) <= 2

    def test_drops_a_candidate_that_cannot_be_read(self):
        memory = memory_with("permit (")

        assert ask(memory)
        assert memory.tally.taken() is None

    def test_keeps_the_live_set_before_one_that_cannot_be_read(self):
        memory = memory_with(STRICT)
        memory.take([(4, STRICT, True)])
        assert not ask(memory)
        memory.take([(5, "permit (", True)])

        assert not ask(memory)
