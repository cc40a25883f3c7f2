"""The rules of verdicts, coverage and edges."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from standvast.core.health.declared import (
    COMPONENTS,
    EDGES,
    Component,
    Edge,
    Observation,
    Probe,
    ProbeContext,
    Verdict,
)
from standvast.core.health.rules import (
    Standing,
    after,
    check_declared,
    explained_by,
    is_silent,
    of_component,
    parents_first,
    silent_after_s,
    uncovered,
    verdict_now,
)
from standvast.core.health.sweeps import always_probes
from standvast.kit.wiring import wired

G, R, U = Verdict.GREEN, Verdict.RED, Verdict.UNKNOWN
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
verdicts = st.lists(st.sampled_from([G, R, U]), max_size=60)
counts = st.integers(min_value=1, max_value=5)


async def _never(context: ProbeContext) -> Observation:
    raise AssertionError


def probe(name="p", target="mail", **more) -> Probe:
    return Probe(name, target, _never, **more)


def stood(looks, *, red_after=2, green_after=3) -> Standing:
    standing = Standing()
    for second, seen in enumerate(looks):
        at = START + timedelta(seconds=second)
        standing = after(standing, seen, at, red_after=red_after, green_after=green_after)
    return standing


class TestAfter:
    def test_is_red_at_the_second_red_look_and_not_before(self):
        assert stood([G, R]).verdict is G
        assert stood([G, R, R]).verdict is R

    def test_is_green_at_the_third_green_look_and_not_before(self):
        assert stood([R, R, G, G]).verdict is R
        assert stood([R, R, G, G, G]).verdict is G

    def test_a_look_that_could_not_tell_ends_green_and_never_red(self):
        assert stood([G, U]).verdict is U
        assert stood([R, R, U, U, U, U]).verdict is R

    def test_a_row_remembers_its_first_look(self):
        assert stood([G, R, R, R]).row_began_at == START + timedelta(seconds=1)

    @given(verdicts, counts, counts)
    def test_green_only_when_the_last_look_that_told_was_green(self, looks, red_after, green_after):
        if stood(looks, red_after=red_after, green_after=green_after).verdict is not G:
            return
        tail = looks[len(looks) - looks[::-1].index(G) - 1 :]
        assert U not in tail
        assert tail.count(R) < red_after

    @given(verdicts, counts, counts)
    def test_red_exactly_when_enough_reds_and_not_enough_greens_since(
        self, looks, red_after, green_after
    ):
        red = False
        for index in range(len(looks)):
            window = looks[: index + 1]
            if window[-red_after:] == [R] * red_after:
                red = True
            elif window[-green_after:] == [G] * green_after:
                red = False
        assert (stood(looks, red_after=red_after, green_after=green_after).verdict is R) == red

    @given(verdicts, counts, counts)
    def test_a_fault_that_stays_is_found_after_exactly_red_after_looks(
        self, looks, red_after, green_after
    ):
        before = stood(looks, red_after=red_after, green_after=green_after)
        now = stood([*looks, *[R] * red_after], red_after=red_after, green_after=green_after)
        assert now.verdict is R
        assert before.verdict is R or now.since is not None


class TestVerdictNow:
    def test_an_old_green_is_unknown(self):
        told = stood([G])
        late = START + timedelta(seconds=silent_after_s(probe()) + 1)
        assert verdict_now(told, probe(), START) is G
        assert verdict_now(told, probe(), late) is U

    def test_an_old_red_stays_red(self):
        assert verdict_now(stood([R, R]), probe(), START + timedelta(days=1)) is R

    def test_nothing_seen_is_unknown(self):
        assert verdict_now(None, probe(), START) is U


class TestSilence:
    def test_three_intervals_without_a_telling_look(self):
        p = probe(interval_s=15, deadline_s=5)
        began = START - timedelta(hours=1)
        standing = Standing(verdict=G, told_at=START)
        at = START + timedelta(seconds=3 * 15 + 5 + 3)
        assert not is_silent(standing, p, now=START + timedelta(seconds=45), watched_since=began)
        assert is_silent(standing, p, now=at, watched_since=began)

    def test_a_watch_that_just_began_waits_first(self):
        at = START + timedelta(hours=5)
        assert not is_silent(Standing(), probe(), now=at, watched_since=at)


class TestComponent:
    def test_without_a_probe_it_is_red(self):
        assert of_component({}) is R

    def test_whole_when_all_variants_are_and_partly_otherwise(self):
        assert of_component({"a": R, "b": R}) is R
        assert of_component({"a": R, "b": G}) is Verdict.PARTLY_RED
        assert of_component({"a": R, "b": U}) is Verdict.PARTLY_RED

    def test_a_probe_of_the_whole_speaks_for_the_whole(self):
        assert of_component({"": R, "b": G}) is R

    @given(st.dictionaries(st.text(max_size=3), st.sampled_from([G, R, U]), min_size=1))
    def test_never_green_while_any_variant_is_not(self, by_variant):
        if of_component(by_variant) is G:
            assert set(by_variant.values()) == {G}


MAIL, ORDERS, PAGES = (Component(s, s) for s in ("mail", "orders", "pages"))
HARD = Edge("orders", "mail")
SOFT = Edge("pages", "mail", hard=False)


class TestCoverage:
    def test_names_each_component_and_edge_that_nothing_looks_at(self):
        found = uncovered([MAIL, ORDERS], [HARD], [probe(target="mail")])
        assert found == ("orders", "orders>mail")

    @given(st.sets(st.sampled_from(["mail", "orders", "pages", "orders>mail", "pages>mail"])))
    def test_covered_or_named_never_both(self, targets):
        probes = [probe(name=t, target=t) for t in targets]
        found = set(uncovered([MAIL, ORDERS, PAGES], [HARD, SOFT], probes))
        assert found.isdisjoint(targets)
        assert found | targets == {"mail", "orders", "pages", "orders>mail", "pages>mail"}


class TestEdges:
    def test_a_red_parent_explains_its_child_and_the_edge_to_it(self):
        assert explained_by("orders", [HARD], frozenset({"mail"})) == "mail"
        assert explained_by("orders>mail", [HARD], frozenset({"mail"})) == "mail"

    def test_a_soft_edge_explains_nothing(self):
        assert explained_by("pages", [SOFT], frozenset({"mail"})) == ""

    def test_a_parent_never_observed_suppresses_nothing(self):
        assert explained_by("orders", [HARD], frozenset()) == ""

    def test_one_hop_only(self):
        edges = [Edge("c", "b"), Edge("b", "a")]
        assert explained_by("c", edges, frozenset({"a"})) == ""

    @given(
        st.lists(
            st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")).filter(
                lambda e: e[0] != e[1]
            ),
            max_size=8,
        )
    )
    def test_order_keeps_all_and_puts_parents_first_where_there_is_no_ring(self, pairs):
        edges = [Edge(*pair) for pair in pairs]
        ordered = parents_first("abcd", edges)
        assert sorted(ordered) == list("abcd")


class TestDeclared:
    def test_says_what_cannot_be(self):
        wrong = check_declared(
            [MAIL, MAIL], [Edge("mail", "moon")], [probe(target="sun"), probe(target="mail")]
        )
        assert wrong == (
            "component mail is declared twice",
            "probe p is declared twice",
            "edge mail>moon names unknown component moon",
            "probe p looks at unknown sun",
        )

    def test_finds_nothing_wrong_in_this_installation(self):
        found = check_declared(wired(COMPONENTS), wired(EDGES), always_probes())
        assert found == ()

    def test_every_component_and_edge_of_this_installation_has_a_probe(self):
        assert uncovered(wired(COMPONENTS), wired(EDGES), always_probes()) == ()

    def test_every_fault_here_is_found_within_a_minute(self):
        slow_kinds = {"certificate", "sweep", "heartbeat"}
        for p in always_probes():
            worst_s = p.interval_s * p.red_after + p.deadline_s
            assert p.kind in slow_kinds or worst_s <= 60, f"{p.name}: {worst_s} s"
