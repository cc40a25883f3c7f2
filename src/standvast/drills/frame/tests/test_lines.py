import pytest

from standvast.drills.frame.lines import (
    Criterion,
    Line,
    failed_names,
    holds,
    judged,
    twin_line,
    twin_verdict,
)

QUICK = Criterion("quick", "s", "<= 2", "confirmed within two seconds")
NONE_LOST = Criterion("lost", "orders", "= 0", "nothing is lost")


def line(name: str, *, passed: bool) -> Line:
    return Line(name, 0.0, "", "= 0", passed)


class TestHolds:
    @pytest.mark.parametrize(
        ("value", "target", "met"),
        [
            (2, "<= 2", True),
            (2.001, "<= 2", False),
            (0, "= 0", True),
            (1, "= 0", False),
            (-1, "= 0", False),
            (5000, ">= 5000", True),
            (4999.9, ">= 5000", False),
            (2, "< 2", False),
            (2, "> 2", False),
            (1.5, ">= 1.5", True),
            (None, "<= 2", False),
            (None, ">= 0", False),
            (float("nan"), "<= 2", False),
            (float("inf"), "<= 2", False),
        ],
    )
    def test_meets_or_misses(self, value, target, met):
        assert holds(value, target) is met

    @pytest.mark.parametrize("target", ["", "2", "fast", "<= two", "≤ 2"])
    def test_a_target_that_cannot_be_judged_is_a_mistake(self, target):
        with pytest.raises(AssertionError):
            Criterion("x", "s", target, "")


class TestJudged:
    def test_gives_a_line_per_criterion_in_their_order(self):
        lines = judged([QUICK, NONE_LOST], {"lost": 0, "quick": 3})

        assert [(x.name, x.passed) for x in lines] == [("quick", False), ("lost", True)]

    def test_what_was_not_measured_fails(self):
        (found,) = judged([NONE_LOST], {})

        assert (found.value, found.passed) == (None, False)

    def test_what_never_came_fails_and_stays_json(self):
        (found,) = judged([QUICK], {"quick": float("inf")})

        assert (found.value, found.passed) == (None, False)

    def test_a_value_without_criterion_is_a_mistake(self):
        with pytest.raises(AssertionError, match="losst"):
            judged([NONE_LOST], {"losst": 0})


class TestTwinVerdict:
    def test_red_exactly_where_named_is_what_is_wanted(self):
        verdict = twin_verdict(
            [line("a", passed=False), line("b", passed=True)], must_fail=frozenset({"a"})
        )

        assert verdict.is_red_as_named
        assert twin_line(verdict, must_fail=frozenset({"a"})).passed

    def test_a_twin_that_passes_makes_the_drill_red(self):
        verdict = twin_verdict(
            [line("a", passed=True), line("b", passed=True)], must_fail=frozenset({"a"})
        )

        assert verdict.passed_wrongly == {"a"}
        assert not verdict.is_red_as_named

    def test_one_of_two_named_is_not_enough(self):
        verdict = twin_verdict(
            [line("a", passed=False), line("b", passed=True)], must_fail=frozenset({"a", "b"})
        )

        assert verdict.passed_wrongly == {"b"}
        assert not verdict.is_red_as_named

    def test_a_twin_that_fails_elsewhere_makes_the_drill_red(self):
        verdict = twin_verdict(
            [line("a", passed=False), line("b", passed=False)], must_fail=frozenset({"a"})
        )

        assert verdict.failed_elsewhere == {"b"}
        found = twin_line(verdict, must_fail=frozenset({"a"}))
        assert (found.value, found.passed) == (1, False)

    def test_it_must_fail_something_that_exists(self):
        with pytest.raises(AssertionError, match="no such"):
            twin_verdict([line("a", passed=False)], must_fail=frozenset({"z"}))
        with pytest.raises(AssertionError, match="proves nothing"):
            twin_verdict([line("a", passed=False)], must_fail=frozenset())


def test_failed_names_are_those_that_did_not_pass():
    assert failed_names([line("a", passed=False), line("b", passed=True)]) == {"a"}
