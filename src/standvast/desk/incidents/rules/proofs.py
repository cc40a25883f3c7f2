"""What must be so before an incident is solved, and before it is closed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from standvast.kit.words import marked

GREEN_ROUNDS_MIN = 10
GREEN_SPAN_MIN = timedelta(minutes=15)
TELL_ATTEMPTS_MIN = 2


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way: a marked sentence and its values."""

    template: str
    values: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template


@dataclass(frozen=True)
class Walk:
    """How one variant fared at its probes: the row of green looks without a break."""

    title: str
    is_red: bool
    green_count: int
    green_for: timedelta
    is_walked: bool = True
    """False when no probe looks at it: a quiet log is not a walk."""
    confirmed_by_hand: bool = False
    """A person walked it and said so, where no probe does."""


@dataclass(frozen=True)
class Counted:
    """One lane's catching-up."""

    lane: str
    expected: int
    sent: int
    confirmed: int
    refused: int
    refused_owned: int

    @property
    def unconfirmed(self) -> int:
        """Sent, and the far side has not said anything yet."""
        return self.sent - self.confirmed - self.refused

    def is_sound(self) -> bool:
        """Return whether the figures can be true at all."""
        parts = (self.expected, self.sent, self.confirmed, self.refused, self.refused_owned)
        return (
            min(parts) >= 0
            and self.sent <= self.expected
            and self.confirmed + self.refused <= self.sent
            and self.refused_owned <= self.refused
        )

    def is_complete(self) -> bool:
        """Return whether all is sent, answered, and each refusal is somebody's."""
        return (
            self.sent == self.expected
            and self.unconfirmed == 0
            and self.refused_owned == self.refused
        )


@dataclass(frozen=True)
class FarSide:
    """A party behind us that must say that it works again."""

    title: str
    confirmed: bool


@dataclass(frozen=True)
class Caller:
    """One caller: told, or tried, and what they said."""

    title: str
    told: bool
    attempts_count: int
    still_broken: bool


@dataclass(frozen=True)
class Proofs:
    """All that solving looks at."""

    walks: Sequence[Walk] = ()
    recoveries: Sequence[Counted] = ()
    far_sides: Sequence[FarSide] = ()
    callers: Sequence[Caller] = ()


def missing_for_solved(proofs: Proofs) -> tuple[Missing, ...]:
    """Return what is missing, each by name; empty when all four proofs are there."""
    missing: list[Missing] = [gap for walk in proofs.walks if (gap := _of_walk(walk))]
    for lane in proofs.recoveries:
        if not lane.is_complete():
            missing.append(
                Missing(
                    marked("{lane}: {sent} of {expected} sent, {unconfirmed} without an answer"),
                    {
                        "lane": lane.lane,
                        "sent": lane.sent,
                        "expected": lane.expected,
                        "unconfirmed": lane.unconfirmed,
                    },
                )
            )
    for side in proofs.far_sides:
        if not side.confirmed:
            missing.append(Missing(marked("{side}: not confirmed yet"), {"side": side.title}))
    for caller in proofs.callers:
        if caller.still_broken:
            missing.append(
                Missing(marked("{caller}: says it is still broken"), {"caller": caller.title})
            )
        elif not caller.told and caller.attempts_count < TELL_ATTEMPTS_MIN:
            missing.append(
                Missing(
                    marked("{caller}: not told yet, tried {count} of 2 times"),
                    {"caller": caller.title, "count": caller.attempts_count},
                )
            )
    return tuple(missing)


def _of_walk(walk: Walk) -> Missing | None:
    if walk.is_red:
        return Missing(marked("{what}: red"), {"what": walk.title})
    if walk.confirmed_by_hand:
        return None
    if not walk.is_walked:
        return Missing(marked("{what}: nobody walked it"), {"what": walk.title})
    if walk.green_count < GREEN_ROUNDS_MIN or walk.green_for < GREEN_SPAN_MIN:
        return Missing(
            marked("{what}: green {count} times in {minutes} minutes; 10 times in 15 are needed"),
            {
                "what": walk.title,
                "count": walk.green_count,
                "minutes": int(walk.green_for.total_seconds() // 60),
            },
        )
    return None


@dataclass(frozen=True)
class Loose:
    """All that closing looks at."""

    has_report: bool
    reason_for_none: str = ""
    has_actions: bool = False
    undertakings_open: int = 0
    workarounds_adrift: int = 0
    """In force, without an owner or without an end date."""


def missing_for_closed(loose: Loose) -> tuple[Missing, ...]:
    """Return what closing still needs."""
    missing = []
    if not loose.has_report and not loose.reason_for_none.strip():
        missing.append(Missing(marked("a report, or the reason why there is none")))
    if not loose.has_actions and not loose.reason_for_none.strip():
        missing.append(Missing(marked("the actions that follow")))
    if loose.undertakings_open:
        missing.append(
            Missing(
                marked("{count} undertakings that are not settled"),
                {"count": loose.undertakings_open},
            )
        )
    if loose.workarounds_adrift:
        missing.append(
            Missing(
                marked("{count} workarounds in force without an owner and an end date"),
                {"count": loose.workarounds_adrift},
            )
        )
    return tuple(missing)
