import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.drills.frame.checker import (
    Sample,
    checked,
    full_spans,
    last_word,
    out_of_order,
    p95,
    rises,
    was_full_throughout,
)
from standvast.drills.frame.history import Answer, History, HistoryFull, Seen, Told

OK, FAIL, UNKNOWN = Answer.OK, Answer.FAIL, Answer.UNKNOWN


def told(key: str, answer: Answer, at: float = 1.0) -> Told:
    return Told(person=1, act="confirm", key=key, answer=answer, asked_at=at, told_at=at)


def seen(value: float, asked: float, answered: float | None = None, person: int = 1) -> Seen:
    return Seen(person, "place", value, asked, asked if answered is None else answered)


class TestChecked:
    def test_what_people_were_told_is_so(self):
        verdict = checked([told("a", OK), told("b", FAIL), told("c", UNKNOWN)], ["a"])

        assert verdict.is_clean
        assert verdict.unknown_absent == {"c"}

    def test_confirmed_and_not_there_is_lost(self):
        verdict = checked([told("a", OK)], [])

        assert (verdict.lost, verdict.is_clean) == ({"a"}, False)

    def test_there_twice_is_doubled_whatever_was_told(self):
        for answer in Answer:
            verdict = checked([told("a", answer)], ["a", "a"])
            assert (verdict.doubled, verdict.is_clean) == ({"a"}, False)

    def test_refused_and_yet_there_took_effect(self):
        verdict = checked([told("a", FAIL)], ["a"])

        assert (verdict.refused_yet_there, verdict.is_clean) == ({"a"}, False)

    def test_there_without_anybody_asking_is_wrong(self):
        verdict = checked([], ["ghost"])

        assert (verdict.unasked, verdict.is_clean) == ({"ghost"}, False)

    def test_unanswered_is_resolved_to_there_or_not(self):
        verdict = checked([told("a", UNKNOWN), told("b", UNKNOWN)], ["b"])

        assert (verdict.unknown_absent, verdict.unknown_there) == ({"a"}, {"b"})
        assert verdict.is_clean

    @given(
        st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(Answer)),
        st.lists(st.sampled_from("abcdefgh")),
    )
    def test_every_act_is_judged_once_and_clean_means_so(self, answers, there):
        verdict = checked([told(k, a) for k, a in answers.items()], there)

        expected = all(
            (answers[k] is not OK or there.count(k) == 1)
            and (answers[k] is not FAIL or there.count(k) == 0)
            and there.count(k) <= 1
            for k in answers
        ) and set(there) <= set(answers)
        assert verdict.is_clean == expected


class TestLastWord:
    def test_a_repeat_resolves_what_had_no_answer(self):
        assert last_word([told("a", UNKNOWN, 1), told("a", OK, 2)]) == {"a": OK}
        assert last_word([told("a", UNKNOWN, 1), told("a", FAIL, 2)]) == {"a": FAIL}

    def test_silence_after_an_answer_changes_nothing(self):
        assert last_word([told("a", FAIL, 1), told("a", UNKNOWN, 2)]) == {"a": FAIL}

    def test_a_confirmation_is_never_taken_back_by_a_later_answer(self):
        assert last_word([told("a", OK, 1), told("a", FAIL, 2)]) == {"a": OK}
        assert last_word([told("a", FAIL, 3), told("a", OK, 1)]) == {"a": OK}


class TestOutOfOrder:
    @pytest.mark.parametrize(
        ("arrived", "wrong"),
        [("abc", 0), ("ac", 0), ("aabbc", 0), ("abab", 0), ("acb", 1), ("cba", 2), ("", 0)],
    )
    def test_counts_first_arrivals_behind_later_ones(self, arrived, wrong):
        assert out_of_order({"s": list("abc")}, {"s": list(arrived)}) == wrong

    def test_subjects_do_not_wait_for_each_other(self):
        sent = {"s": ["a"], "t": ["b"]}
        assert out_of_order(sent, {"t": ["b"], "s": ["a"]}) == 0


class TestRises:
    def test_going_down_or_staying_is_fine(self):
        assert rises([seen(5, 1), seen(5, 2), seen(3, 3)]) == 0

    def test_going_up_is_counted(self):
        assert rises([seen(3, 1), seen(5, 2), seen(2, 3), seen(4, 4)]) == 2

    def test_what_was_asked_before_the_lower_answer_was_told_is_no_rise(self):
        assert rises([seen(3, 1, 2.5), seen(5, 2, 2.6)]) == 0
        assert rises([seen(3, 1, 2.0), seen(5, 2, 2.6)]) == 1

    def test_people_are_told_apart(self):
        assert rises([seen(3, 1, person=1), seen(5, 2, person=2)]) == 0

    def test_two_devices_of_one_person_are_one(self):
        assert rises([seen(3, 1), seen(4, 2)]) == 1

    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 3))))
    def test_agrees_with_comparing_every_pair(self, rows):
        observations = [seen(v, a, a + d) for v, a, d in rows]

        slow = sum(
            any(b.told_at <= s.asked_at and b.value < s.value for b in observations)
            for s in observations
        )

        assert rises(observations) == slow


def samples(text: str, thing: str = "d") -> list[Sample]:
    """One sample a second: F is full, anything else is free."""
    return [Sample(thing, float(at), mark == "F") for at, mark in enumerate(text)]


class TestFullSpans:
    def test_is_full_from_the_first_to_the_last_sample_that_says_so(self):
        assert full_spans(samples("..FFF.FF")) == {"d": [(2, 4), (6, 7)]}

    def test_never_full_has_no_span(self):
        assert full_spans(samples("....")) == {}

    def test_things_are_told_apart(self):
        spans = full_spans([*samples("FF", "a"), *samples(".F", "b")])

        assert spans == {"a": [(0, 1)], "b": [(1, 1)]}

    def test_a_moment_of_room_parts_two_spans(self):
        spans = full_spans(samples("FF.FF"))["d"]

        assert not was_full_throughout(spans, begin=1, end=3)

    def test_covers_only_when_one_span_covers_all(self):
        spans = [(1.0, 4.0)]
        assert was_full_throughout(spans, begin=1, end=4)
        assert not was_full_throughout(spans, begin=0.9, end=3)
        assert not was_full_throughout(spans, begin=3, end=4.1)


class TestP95:
    @pytest.mark.parametrize(
        ("values", "found"), [([], None), ([7], 7), (range(1, 101), 95), ([1] * 19 + [9], 1)]
    )
    def test_is_the_value_that_95_percent_stay_at_or_below(self, values, found):
        assert p95(list(values)) == found

    @given(st.lists(st.integers(), min_size=1))
    def test_at_least_95_percent_stay_below(self, values):
        assert sum(v <= p95(values) for v in values) >= 0.95 * len(values)


class TestHistory:
    def test_keeps_kinds_apart_and_counts_all(self):
        history = History()
        history.tell(told("a", OK))
        history.see(seen(3, 1))

        assert [t.key for t in history.told("confirm")] == ["a"]
        assert list(history.told("hold")) == []
        assert [s.value for s in history.seen("place")] == [3]
        assert len(history) == 2

    def test_a_full_history_is_an_error(self):
        history = History(entries_max=1)
        history.tell(told("a", OK))

        with pytest.raises(HistoryFull):
            history.see(seen(3, 1))
