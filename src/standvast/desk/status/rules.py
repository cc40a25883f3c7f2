"""Words in public, whom a closure or notice is for, what may be written. Pure."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

LANGUAGES = ("nl", "fr", "en")
TEXT_MAX = 400
REASON_MAX = 200
ORGANISATIONS_MAX = 10_000
HISTORY_DAYS = 90


class PublicState(StrEnum):
    """How a component stands, in Statuspage's words."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"
    MAINTENANCE = "under_maintenance"
    NOT_KNOWN = "not_known"
    """Ours: nothing looked at it lately. Never shown as operational."""


class NoticeKind(StrEnum):
    """Why people are told something."""

    OUTAGE = "outage"
    MAINTENANCE = "maintenance"
    KNOWN_PROBLEM = "known_problem"
    RELEASE = "release"


class TextMissing(Invalid):
    """Nobody would read anything."""

    code = "status.text_missing"


class TextTooLong(Invalid):
    """More than fits on a screen and in a text message."""

    code = "status.text_too_long"


class PeriodNotRight(Invalid):
    """It would end before it begins."""

    code = "status.period_not_right"


class AudienceNotRight(Invalid):
    """Nobody is meant, or too many to name one by one."""

    code = "status.audience_not_right"


def check_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts trimmed, known languages only.

    :raises TextMissing: if there is none in any language.
    :raises TextTooLong: if one is longer than 400 characters.
    """
    kept = {lang: texts.get(lang, "").strip() for lang in LANGUAGES}
    if not any(kept.values()):
        raise TextMissing(marked("Write what people will see, in at least one language."))
    if any(len(text) > TEXT_MAX for text in kept.values()):
        raise TextTooLong(
            marked("At most {most} characters, so that it fits on a screen."), most=TEXT_MAX
        )
    return kept


def check_period(from_at: datetime, until_at: datetime | None) -> None:
    """Pass if the period is not empty.

    :raises PeriodNotRight: if it ends before it begins.
    """
    if until_at is not None and until_at <= from_at:
        raise PeriodNotRight(marked("The end must come after the beginning."))


def check_audience(organisation_ids: Collection[uuid.UUID] | None) -> None:
    """Pass if it is for all (None) or for a number of organisations that can be named.

    :raises AudienceNotRight: for nobody, or for more than 10,000.
    """
    if organisation_ids is None:
        return
    if not organisation_ids:
        raise AudienceNotRight(marked("Choose at least one organisation, or all of them."))
    if len(organisation_ids) > ORGANISATIONS_MAX:
        raise AudienceNotRight(
            marked("At most {most} organisations one by one; choose all of them instead."),
            most=ORGANISATIONS_MAX,
        )


def text_in(texts: Mapping[str, str], language: str) -> str:
    """Return the text in a language, else in the first one there is."""
    for lang in (language[:2], *LANGUAGES):
        if texts.get(lang):
            return texts[lang]
    return ""


def is_for(organisation_ids: Collection[uuid.UUID] | None, who: uuid.UUID | None) -> bool:
    """Whether something for these organisations (None: all) touches this one (None: a stranger)."""
    return organisation_ids is None or (who is not None and who in organisation_ids)


def is_on(from_at: datetime, until_at: datetime | None, at: datetime) -> bool:
    """Whether a half-open period holds an instant."""
    return from_at <= at and (until_at is None or at < until_at)


def public_state(
    *,
    function_class: str,
    verdict: str,
    is_covered: bool,
    variants_red_count: int,
    is_closed: bool,
    in_maintenance: bool,
) -> PublicState:
    """Return what the public page says of a component.

    Closed for everybody counts as a major outage; maintenance is said as maintenance only while
    nothing unexpected is red as a whole outside of it.
    """
    if in_maintenance:
        return PublicState.MAINTENANCE
    if is_closed:
        return PublicState.MAJOR
    if not is_covered:
        return PublicState.NOT_KNOWN
    if verdict == "red":
        return PublicState.MAJOR
    if verdict == "partly_red":
        small = function_class == "C" and variants_red_count == 1
        return PublicState.DEGRADED if small else PublicState.PARTIAL
    return PublicState.OPERATIONAL if verdict == "green" else PublicState.NOT_KNOWN


WEIGHT = {
    PublicState.OPERATIONAL: 0,
    PublicState.MAINTENANCE: 1,
    PublicState.NOT_KNOWN: 1,
    PublicState.DEGRADED: 2,
    PublicState.PARTIAL: 3,
    PublicState.MAJOR: 4,
}


def worst(states: Iterable[PublicState]) -> PublicState:
    """Return the gravest state; operational when there is none."""
    return max(states, key=lambda state: WEIGHT[state], default=PublicState.OPERATIONAL)


def indicator(states: Iterable[PublicState]) -> str:
    """Return Statuspage's indicator for the whole: none, minor, major or critical."""
    match worst(states):
        case PublicState.MAJOR:
            return "critical"
        case PublicState.PARTIAL:
            return "major"
        case PublicState.DEGRADED | PublicState.NOT_KNOWN:
            return "minor"
    return "none"


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
    spans: Sequence[Span], *, today: date, midnight_of: Callable[[date], datetime]
) -> tuple[Day, ...]:
    """Return the last ninety days, oldest first, with how long each was red."""
    made = []
    for back in range(HISTORY_DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        start, end = midnight_of(day), midnight_of(day + timedelta(days=1))
        made.append(Day(day, *_red_between(spans, start, end)))
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
    """Return the share of time without (weighted: less what was) red, 0 to 1, rounded down.

    Rounded down so that a page never says 100 % when something was out.
    """
    total_s = len(days) * 86_400
    if not total_s:
        return 1.0
    red_s = sum(day.weighted_s if weighted else day.red_s for day in days)
    return int((1 - red_s / total_s) * 100_000) / 100_000
