"""Words in public, whom a closure or notice is for, what may be written. Pure."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from standvast.kit.errors import Invalid
from standvast.kit.words import marked

LANGUAGES = ("nl", "fr", "en")
TEXT_MAX = 400
REASON_MAX = 200
ORGANISATIONS_MAX = 10_000


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


AT_LEAST: Mapping[str, PublicState] = {
    "minor": PublicState.DEGRADED,
    "major": PublicState.PARTIAL,
    "critical": PublicState.MAJOR,
}
"""What an incident that is not mended makes of its component, whatever the probes see."""


def with_incidents(state: PublicState, impacts: Iterable[str]) -> PublicState:
    """Return how a component stands when people feel incidents on it that no probe sees.

    Maintenance stays maintenance; what is known to be wrong is never said to be unknown.
    """
    if state is PublicState.MAINTENANCE:
        return state
    return worst([state, *(AT_LEAST[impact] for impact in impacts if impact in AT_LEAST)])


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
