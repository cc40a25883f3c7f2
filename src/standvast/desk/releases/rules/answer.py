"""May this be released at this time? Every clause answers; the strictest wins."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from standvast.desk.releases.rules.calendar import Calendar
from standvast.desk.releases.rules.gates import Judgement
from standvast.desk.releases.rules.road import NOT_FINISHED_IN, Place, lacks
from standvast.desk.releases.rules.states import HotfixFor, Kind
from standvast.kit.words import marked

ANNOUNCED = timedelta(days=14)


class Verdict(IntEnum):
    """What a clause says; the higher, the stricter."""

    ALLOWED = 0
    NEEDS_APPROVER = 1
    REFUSED = 2


@dataclass(frozen=True)
class Reason:
    """What one clause has against it."""

    clause: str
    verdict: Verdict
    template: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The verdict with its reasons, the strictest first. None: nothing is against it."""

    reasons: tuple[Reason, ...] = ()
    is_approved: bool = False

    @property
    def verdict(self) -> Verdict:
        """Return the strictest; a named approver lifts what asks for one, and nothing else."""
        strictest = max((reason.verdict for reason in self.reasons), default=Verdict.ALLOWED)
        if strictest is Verdict.NEEDS_APPROVER and self.is_approved:
            return Verdict.ALLOWED
        return strictest


@dataclass(frozen=True)
class Candidate:
    """What would be released: what it is, what was shown of it, who was told and who approved."""

    kind: Kind
    judgements: Sequence[Judgement]
    hotfix_for: HotfixFor | None = None
    people_notice: bool = False
    announced_at: datetime | None = None
    is_approved: bool = False
    finished_in: Collection[Place] = ()
    """Where exactly this build was finished."""


def may_release(
    candidate: Candidate,
    at: datetime,
    *,
    calendar: Calendar,
    open_criticals: Sequence[str] = (),
) -> Answer:
    """Return whether this may be released at `at`; `open_criticals` are those it does not mend."""
    assert (candidate.kind is Kind.HOTFIX) == (candidate.hotfix_for is not None), "a hotfix is for"
    reasons = [
        *_gates(candidate),
        *_road(candidate),
        *_pause(candidate, at, calendar),
        *_window(candidate, at, calendar),
        *_elsewhere(open_criticals),
        *_noticed(candidate, at),
    ]
    return Answer(tuple(sorted(reasons, key=lambda reason: -reason.verdict)), candidate.is_approved)


def _gates(candidate: Candidate) -> Iterator[Reason]:
    if not candidate.judgements:
        yield Reason("gates", Verdict.REFUSED, marked("No gate was judged."))
    for judgement in candidate.judgements:
        if not judgement.is_ok:
            yield Reason(judgement.gate, Verdict.REFUSED, judgement.template, judgement.values)


def _road(candidate: Candidate) -> Iterator[Reason]:
    missing = lacks(Place.PRODUCTION, candidate.finished_in)
    if missing is not None:
        yield Reason("road", Verdict.REFUSED, NOT_FINISHED_IN[missing])


def _pause(candidate: Candidate, at: datetime, calendar: Calendar) -> Iterator[Reason]:
    sentence = calendar.pause(at)
    if not sentence or candidate.hotfix_for is HotfixFor.CRITICAL:
        return
    if candidate.hotfix_for is HotfixFor.MAJOR:
        yield Reason("pause", Verdict.NEEDS_APPROVER, sentence)
    else:
        yield Reason("pause", Verdict.REFUSED, sentence)


def _window(candidate: Candidate, at: datetime, calendar: Calendar) -> Iterator[Reason]:
    if not calendar.is_service(at):
        return
    sentence = marked("People are at work: working days from 07:00 until 18:00.")
    if candidate.hotfix_for in (HotfixFor.CRITICAL, HotfixFor.MAJOR):
        yield Reason("window", Verdict.NEEDS_APPROVER, sentence)
    else:
        yield Reason("window", Verdict.REFUSED, sentence)


def _elsewhere(open_criticals: Sequence[str]) -> Iterator[Reason]:
    if open_criticals:
        yield Reason(
            "elsewhere",
            Verdict.NEEDS_APPROVER,
            marked("A critical incident is open elsewhere: {numbers}."),
            {"numbers": ", ".join(open_criticals)},
        )


def _noticed(candidate: Candidate, at: datetime) -> Iterator[Reason]:
    if not candidate.people_notice:
        return
    told = candidate.announced_at
    if told is not None and at - told >= ANNOUNCED:
        return
    is_hotfix = candidate.kind is Kind.HOTFIX
    yield Reason(
        "noticed",
        Verdict.NEEDS_APPROVER if is_hotfix else Verdict.REFUSED,
        marked("People will notice it and were not told 14 days ahead."),
    )
