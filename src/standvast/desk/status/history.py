"""Ninety days of a component, honest about partial outages. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

HISTORY_DAYS = 90


@dataclass(frozen=True)
class Span:
    """A stretch in which one variant of a component was red; `share` of its variants."""

    from_at: datetime
    until_at: datetime
    share: float = 1.0


@dataclass(frozen=True)
class Day:
    """One day of a component's history."""

    on: date
    red_s: int
    """Seconds in which at least one variant was red."""
    weighted_s: int
    """The same, each second counted by the share of variants that were red."""
    known_s: int = 86_400
    """Seconds of the day that were watched at all; none before the first look."""


Window = tuple[datetime, datetime]


def outside(spans: Iterable[Span], windows: Sequence[Window]) -> list[Span]:
    """Return what of the spans lies outside of the windows: maintenance is counted apart."""
    left = list(spans)
    for start, end in windows:
        cut: list[Span] = []
        for span in left:
            if span.until_at <= start or end <= span.from_at:
                cut.append(span)
                continue
            if span.from_at < start:
                cut.append(Span(span.from_at, start, span.share))
            if end < span.until_at:
                cut.append(Span(end, span.until_at, span.share))
        left = cut
    return left


def days_of(
    spans: Sequence[Span],
    *,
    today: date,
    midnight_of: Callable[[date], datetime],
    known_from: datetime,
    now: datetime,
) -> tuple[Day, ...]:
    """Return the last ninety days, oldest first, with how long each was red and was watched."""
    made = []
    for back in range(HISTORY_DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        start, end = midnight_of(day), midnight_of(day + timedelta(days=1))
        known_s = (min(end, now) - max(start, known_from)).total_seconds()
        made.append(Day(day, *_red_between(spans, start, end), max(0, round(known_s))))
    return tuple(made)


def _red_between(spans: Sequence[Span], start: datetime, end: datetime) -> tuple[int, int]:
    """Sweep over the ends of spans: where any is on it is red, weighted by their shares."""
    moves: list[tuple[datetime, float, int]] = []
    for span in spans:
        low, high = max(span.from_at, start), min(span.until_at, end)
        if low < high:
            moves += [(low, span.share, 1), (high, -span.share, -1)]
    moves.sort(key=lambda move: move[0])
    red_s = weighted_s = share = 0.0
    on_count, at = 0, start
    for when, change, step in moves:
        length_s = (when - at).total_seconds()
        if on_count:
            red_s += length_s
            weighted_s += length_s * min(1.0, share)
        share, on_count, at = share + change, on_count + step, when
    return round(red_s), round(weighted_s)


def working_share(days: Sequence[Day], *, weighted: bool) -> float:
    """Return the share of watched time without (weighted: less what was) red, 0 to 1.

    Rounded down to what a page shows, so that it never says 100 % when something was out.
    """
    total_s = sum(day.known_s for day in days)
    red_s = sum(day.weighted_s if weighted else day.red_s for day in days)
    if not red_s:
        return 1.0
    return max(0, int((1 - red_s / max(total_s, red_s)) * 10_000 - 1e-9)) / 10_000
