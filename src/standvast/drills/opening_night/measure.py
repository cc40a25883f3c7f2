"""From what people were told and what is there to the value of each line. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from standvast.drills.frame.checker import (
    Sample,
    Verdict,
    checked,
    full_spans,
    p95,
    rises,
    was_full_throughout,
)
from standvast.drills.frame.history import Answer, History, Told

STALE_S = 2.0
RATE_SLACK = 1.25
"""Of the lane's rate: a second on the mail server's clock is not the lane's second."""


@dataclass(frozen=True)
class StoredOrder:
    """One order as the tables have it; `key_hold` is the key of the hold it began with."""

    id: str
    state: str
    key_hold: str
    confirmed_at: float | None


@dataclass(frozen=True)
class StoredDay:
    """One day as the tables have it: its capacities, its counters, and its orders added up."""

    on: str
    doses_max: int
    doses_taken: int
    doses_ordered: int
    addresses_max: int
    addresses_taken: int
    addresses_ordered: int

    @property
    def is_sound(self) -> bool:
        """Whether it is within both capacities and its counters are its orders."""
        return (
            self.doses_taken == self.doses_ordered <= self.doses_max
            and self.addresses_taken == self.addresses_ordered <= self.addresses_max
        )


@dataclass(frozen=True)
class ArrivedMail:
    """One mail that the mail server accepted; `thing` is the order it is about."""

    thing: str
    message_id: str
    recipient: str
    accepted_at: float


@dataclass(frozen=True)
class MailVerdict:
    """How the mails fared."""

    lost: frozenset[str]
    doubled: frozenset[str]
    late_count: int
    repeats_count: int
    per_s_max: int

    def wrong_count(self, *, rate_per_s_max: float) -> int:
        """Return how many are lost or doubled, and one for a drain without bound."""
        too_fast = self.per_s_max > rate_per_s_max * RATE_SLACK
        return len(self.lost) + len(self.doubled) + int(too_fast)


def confirmed_p95(told: Iterable[Told]) -> float | None:
    """Return the time from the first press of "confirm" to the confirmation, 95th percentile.

    Repeats of one act are one act; who never got an answer waited for ever. Who was refused is
    not counted here but in `holds_lost`.
    """
    first_asked: dict[str, float] = {}
    answered: dict[str, float] = {}
    refused: set[str] = set()
    for one in told:
        first_asked[one.key] = min(one.asked_at, first_asked.get(one.key, one.asked_at))
        if one.answer is Answer.OK:
            answered[one.key] = min(one.told_at, answered.get(one.key, one.told_at))
        elif one.answer is Answer.FAIL:
            refused.add(one.key)
    waits = [
        answered[key] - asked if key in answered else float("inf")
        for key, asked in first_asked.items()
        if key in answered or key not in refused
    ]
    return p95(waits)


def stale_offers(history: History, samples: Iterable[Sample]) -> int:
    """Count offers of a day that the database had known to be full for 2 s without a gap.

    An offer is a day that a calendar showed as free; it counts when the person saw it.
    """
    spans = full_spans(samples)
    return sum(
        was_full_throughout(spans.get(day, ()), begin=shown.told_at - STALE_S, end=shown.told_at)
        for shown in history.shown("calendar")
        for day in shown.things
    )


def stored(history: History, orders: Sequence[StoredOrder]) -> tuple[Verdict, Verdict]:
    """Hold confirmations against confirmed orders, and holds against the orders they began."""
    confirmed = [order.id for order in orders if order.state == "confirmed"]
    return (
        checked(history.told("confirm"), confirmed),
        checked(history.told("hold"), [order.key_hold for order in orders]),
    )


def wrongly_told(*verdicts: Verdict) -> int:
    """Count acts that are not as people were told."""
    return sum(
        len(v.lost) + len(v.doubled) + len(v.refused_yet_there) + len(v.unasked) for v in verdicts
    )


def holds_lost(told: Iterable[Told]) -> int:
    """Count confirmations that reached us in time by the person's clock and were refused.

    `detail` of a refusal in time is "in time"; a refusal that a repeat turned into a confirmation
    is none.
    """
    refused: set[str] = set()
    confirmed: set[str] = set()
    for one in told:
        if one.answer is Answer.OK:
            confirmed.add(one.key)
        elif one.answer is Answer.FAIL and one.detail == "in time":
            refused.add(one.key)
    return len(refused - confirmed)


def places_broken(history: History) -> int:
    """Count places that rose, or were gone, for somebody who waited."""
    return rises(history.seen("place")) + sum(1 for _ in history.seen("place lost"))


def places_note(history: History) -> str:
    """Say how many looks there were, and which of the rises one device alone met."""
    looks = sum(1 for _ in history.seen("place"))
    alone = rises(history.seen("place on one device"))
    gone = sum(1 for _ in history.seen("place lost"))
    return f"{looks} looks; rises on one device {alone}, told that they do not wait {gone}"


def mails(
    orders: Sequence[StoredOrder], arrived: Sequence[ArrivedMail], *, late_s: float
) -> MailVerdict:
    """Judge the mails of confirmed orders by what the mail server accepted.

    Doubled is one thing told to one address under two Message-IDs; a repeat of one Message-ID is
    what the receiving side collapses.
    """
    ids_by_thing: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    first_at: dict[str, float] = {}
    for mail in arrived:
        ids_by_thing[mail.thing, mail.recipient].add(mail.message_id)
        first_at[mail.thing] = min(mail.accepted_at, first_at.get(mail.thing, mail.accepted_at))
    owed = {o.id: o.confirmed_at for o in orders if o.state == "confirmed"}
    seconds = Counter(int(mail.accepted_at) for mail in arrived)
    distinct = sum(len(ids) for ids in ids_by_thing.values())
    return MailVerdict(
        lost=frozenset(owed) - frozenset(first_at),
        doubled=frozenset(thing for (thing, _), ids in ids_by_thing.items() if len(ids) > 1),
        late_count=sum(
            first_at[order] - at > late_s
            for order, at in owed.items()
            if order in first_at and at is not None
        ),
        repeats_count=len(arrived) - distinct,
        per_s_max=max(seconds.values(), default=0),
    )


def oversold(days: Sequence[StoredDay]) -> int:
    """Count days beyond a capacity, or whose counters are not their orders."""
    return sum(not day.is_sound for day in days)


def notes(
    history: History, mail: MailVerdict, confirmations: Verdict, extra: Mapping[str, str]
) -> dict[str, str]:
    """Return what explains the lines."""
    answers = Counter(told.answer.value for told in history.told("confirm"))
    refusals = Counter(
        told.detail for told in history.told("hold") if told.answer is Answer.FAIL
    ).most_common(3)
    return {
        "confirmed_p95": ", ".join(f"{n} {answer}" for answer, n in sorted(answers.items())),
        "stored": (
            f"{len(confirmations.unknown_there)} unanswered were stored, "
            f"{len(confirmations.unknown_absent)} were not; holds refused: "
            + (", ".join(f"{n} {code}" for code, n in refusals) or "none")
        ),
        "mails": (
            f"late {mail.late_count}, lost {len(mail.lost)}, doubled {len(mail.doubled)}, "
            f"repeats of a Message-ID {mail.repeats_count}, at most {mail.per_s_max}/s"
        ),
        **extra,
    }
