"""Holds what people were told against what is there. Pure; after Jepsen's ok, fail, unknown."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from standvast.drills.frame.history import Answer, Seen, Told


@dataclass(frozen=True)
class Verdict:
    """Keys of acts by what is wrong with them, and how the unanswered ones turned out."""

    lost: frozenset[str]
    """Confirmed to the person, but not there."""
    doubled: frozenset[str]
    """There more than once, whatever was told."""
    refused_yet_there: frozenset[str]
    """Refused to the person, but there."""
    unasked: frozenset[str]
    """There, but nobody asked for it."""
    unknown_there: frozenset[str]
    """Without an answer, and there once: fine."""
    unknown_absent: frozenset[str]
    """Without an answer, and not there: fine."""

    @property
    def is_clean(self) -> bool:
        """Whether what people were told is what is so."""
        return not (self.lost or self.doubled or self.refused_yet_there or self.unasked)


def last_word(told: Iterable[Told]) -> dict[str, Answer]:
    """Return per key what the person knows in the end.

    A confirmation stands whatever came before or after; an answer without result leaves the act
    unknown unless a repeat of the same key was answered later.
    """
    found: dict[str, Answer] = {}
    for one in sorted(told, key=lambda t: t.told_at):
        before = found.get(one.key)
        if before is Answer.OK:
            continue
        if one.answer is Answer.UNKNOWN and before is not None:
            continue
        found[one.key] = one.answer
    return found


def checked(told: Iterable[Told], there: Iterable[str]) -> Verdict:
    """Compare the last word on every act with the keys that are there, one per effect."""
    words = last_word(told)
    times = Counter(there)

    def keys(answer: Answer, *, present: bool) -> frozenset[str]:
        return frozenset(k for k, a in words.items() if a is answer and (k in times) == present)

    return Verdict(
        lost=keys(Answer.OK, present=False),
        doubled=frozenset(key for key, count in times.items() if count > 1),
        refused_yet_there=keys(Answer.FAIL, present=True),
        unasked=frozenset(times) - frozenset(words),
        unknown_there=keys(Answer.UNKNOWN, present=True),
        unknown_absent=keys(Answer.UNKNOWN, present=False),
    )


def out_of_order(sent: Mapping[str, Sequence[str]], arrived: Mapping[str, Sequence[str]]) -> int:
    """Count per subject the arrivals that came before an earlier sent one. Repeats are ignored."""
    wrong = 0
    for subject, keys in sent.items():
        rank = {key: place for place, key in enumerate(keys)}
        first_seen = dict.fromkeys(key for key in arrived.get(subject, ()) if key in rank)
        highest = -1
        for key in first_seen:
            wrong += rank[key] < highest
            highest = max(highest, rank[key])
    return wrong


def rises(seen: Iterable[Seen]) -> int:
    """Count numbers that rose for a person though they may only go down.

    Two devices may ask at once: only an answer asked for after a lower one was told counts.
    """
    by_person: defaultdict[int, list[Seen]] = defaultdict(list)
    for one in seen:
        by_person[one.person].append(one)
    return sum(_rises_of(observations) for observations in by_person.values())


def _rises_of(observations: list[Seen]) -> int:
    told_in_order = sorted(observations, key=lambda s: s.told_at)
    lowest, next_told, wrong = float("inf"), 0, 0
    for asked in sorted(observations, key=lambda s: s.asked_at):
        while next_told < len(told_in_order) and told_in_order[next_told].told_at <= asked.asked_at:
            lowest = min(lowest, told_in_order[next_told].value)
            next_told += 1
        wrong += asked.value > lowest
    return wrong


@dataclass(frozen=True, slots=True)
class Sample:
    """Whether a thing was full at one moment, as the database itself said."""

    thing: str
    at: float
    is_full: bool


def full_spans(samples: Iterable[Sample]) -> dict[str, list[tuple[float, float]]]:
    """Return per thing the spans of samples that all say full: first to last of each run.

    Between two samples nothing is known, so a span neither begins nor ends there.
    """
    spans: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    was_full: dict[str, bool] = {}
    for sample in sorted(samples, key=lambda s: s.at):
        if sample.is_full and was_full.get(sample.thing):
            spans[sample.thing][-1] = (spans[sample.thing][-1][0], sample.at)
        elif sample.is_full:
            spans[sample.thing].append((sample.at, sample.at))
        was_full[sample.thing] = sample.is_full
    return dict(spans)


def was_full_throughout(spans: Sequence[tuple[float, float]], *, begin: float, end: float) -> bool:
    """Whether one span covers all of begin..end."""
    return any(since <= begin and end <= until for since, until in spans)


def p95(values: Sequence[float]) -> float | None:
    """Return the value that 95 % stay at or below; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
