"""From looks to findings: what opens, what is held, what is freed, what ends."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from standvast.core.health.declared import Component, Edge, Observation, Probe, Verdict
from standvast.core.health.judge import Changes, Judge

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
G, R, U = Verdict.GREEN, Verdict.RED, Verdict.UNKNOWN


async def _never(context):
    raise AssertionError


def downs(changes: Changes) -> Changes:
    """Edges here have no probes: those findings are another matter."""

    def only(found):
        return tuple(finding for finding in found if finding.kind == "down")

    return Changes(only(changes.opened), only(changes.ended), only(changes.freed))


class Bench:
    """A judge with one probe per name; time goes on a second a look."""

    def __init__(self, *names, edges=(), red_after=1, green_after=1):
        self.probes = {
            name: Probe(name, name, _never, red_after=red_after, green_after=green_after)
            for name in names
        }
        self.judge = Judge([Component(n, n) for n in names], edges, list(self.probes.values()))
        self.now = START
        self.open: dict[str, str] = {}

    def see(self, **looks):
        self.now += timedelta(seconds=1)
        for name, verdict in looks.items():
            self.judge.take(self.probes[name], Observation(verdict), self.now)
        changes = downs(self.judge.settle(self.now, watched_since=START))
        for finding in changes.ended:
            del self.open[finding.target]
        for finding in (*changes.opened, *changes.freed):
            self.open[finding.target] = finding.below
        return changes


CHAIN = [Edge("child", "parent"), Edge("grandchild", "child")]


class TestHolding:
    def test_a_child_found_in_the_same_turn_is_held_below_its_parent(self):
        bench = Bench("child", "parent", edges=CHAIN)
        bench.see(child=R, parent=R)
        assert bench.open == {"parent": "", "child": "parent"}

    def test_one_hop_suffices_in_a_chain(self):
        bench = Bench("grandchild", "child", "parent", edges=CHAIN)
        bench.see(grandchild=R, child=R, parent=R)
        assert bench.open == {"parent": "", "child": "parent", "grandchild": "child"}

    def test_two_that_rely_on_each_other_do_not_hide_each_other(self):
        bench = Bench("a", "b", edges=[Edge("a", "b"), Edge("b", "a")])
        bench.see(a=R, b=R)
        assert sorted(bench.open.values()) == ["", "a"]

    def test_what_was_told_already_is_not_held_afterwards(self):
        bench = Bench("child", "parent", edges=CHAIN)
        bench.see(child=R, parent=G)
        bench.see(parent=R)
        assert bench.open == {"child": "", "parent": ""}

    def test_ending_is_never_held(self):
        bench = Bench("child", "parent", edges=CHAIN)
        bench.see(child=R, parent=R)
        changes = bench.see(child=G)
        assert [finding.target for finding in changes.ended] == ["child"]

    def test_a_parent_that_is_only_partly_red_explains_nothing(self):
        probes = [
            Probe("whole", "parent", _never, variant="a", red_after=1),
            Probe("other", "parent", _never, variant="b", red_after=1),
            Probe("child", "child", _never, red_after=1),
        ]
        judge = Judge([Component("parent", "p"), Component("child", "c")], CHAIN[:1], probes)
        for probe, seen in zip(probes, (R, G, R), strict=True):
            judge.take(probe, Observation(seen), START)
        found = downs(judge.settle(START, watched_since=START)).opened
        assert {finding.target: finding.below for finding in found} == {"parent": "", "child": ""}


class TestFreeing:
    def test_a_child_still_red_after_its_parent_recovered_is_news(self):
        bench = Bench("child", "parent", edges=CHAIN, green_after=3)
        bench.see(child=R, parent=R)
        for _ in range(3):
            bench.see(parent=G)
        assert bench.open == {"child": "parent"}, "not before a look says so"
        bench.see(child=R)
        assert bench.open == {"child": ""}

    def test_a_child_that_recovers_with_its_parent_is_never_news(self):
        bench = Bench("child", "parent", edges=CHAIN, green_after=3)
        bench.see(child=R, parent=R)
        freed = [bench.see(parent=G, child=G).freed for _ in range(2)]
        freed += [bench.see(parent=G).freed, bench.see(child=G).freed]
        assert not any(freed)
        assert bench.open == {}


looks = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from([G, R, U]), max_size=3),
    max_size=40,
)


class TestAlways:
    @given(looks, st.integers(1, 3), st.integers(1, 3))
    def test_open_findings_are_exactly_the_red_verdicts(self, rounds, red_after, green_after):
        edges = [Edge("a", "b"), Edge("b", "c"), Edge("c", "a", hard=False)]
        bench = Bench("a", "b", "c", edges=edges, red_after=red_after, green_after=green_after)
        for seen in rounds:
            bench.see(**seen)
            red = {n for n in bench.probes if bench.judge.verdicts(n).get("") is R}
            assert set(bench.open) == red
            for target, below in bench.open.items():
                assert below in {"", *(e.target for e in edges if e.hard and e.source == target)}

    @given(looks)
    def test_somebody_always_speaks_when_something_is_red(self, rounds):
        edges = [Edge("a", "b"), Edge("b", "c"), Edge("c", "a")]
        bench = Bench("a", "b", "c", edges=edges)
        for seen in rounds:
            changes = bench.see(**seen)
            if changes.opened and len(changes.opened) == len(bench.open):
                assert "" in bench.open.values()


class TestCrew:
    def bench(self):
        bench = Bench("shop")
        bench.probes["red"] = Probe("red", "shop", _never, "red", red_after=1, green_after=1)
        return bench

    def test_one_taken_on_is_counted_beside_those_of_the_wiring(self):
        bench = self.bench()
        bench.judge.take_on([bench.probes["red"]])

        bench.see(shop=G, red=R)

        assert bench.judge.verdicts("shop") == {"": G, "red": R}
        assert bench.open == {"shop": ""}

    def test_what_one_found_ends_when_it_is_dismissed(self):
        bench = self.bench()
        bench.judge.take_on([bench.probes["red"]])
        bench.see(red=R)

        bench.judge.take_on([])

        assert [one.variant for one in bench.see(shop=G).ended] == ["red"]

    def test_what_one_found_stays_open_until_it_is_known_who_is_there(self):
        found = self.bench()
        found.judge.take_on([found.probes["red"]])
        found.see(red=R)
        anew = self.bench()
        anew.judge.knows_all = False
        anew.judge.load({}, found.judge.open.values())
        anew.open = dict(found.open)

        assert not anew.see(shop=G).ended

        anew.judge.take_on([])
        assert len(anew.see(shop=G).ended) == 1
