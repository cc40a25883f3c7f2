"""Certificates as the watch sees them.

A sweep shows each to its peer every hour and keeps what came of it; the probes read that often, and
make the other checks anew, so that a switch or a last day shows within seconds.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from standvast.core.certificates.declared import COMPONENT, PURPOSES, Purpose
from standvast.core.certificates.judging import known_checks
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.operations.looking import look_at_all
from standvast.core.certificates.rules.preflight import LEVELS, days_left
from standvast.core.certificates.rules.slots import Slot
from standvast.core.certificates.rules.told import Check, Outcome, stored_values
from standvast.core.health.api import (
    WHOLE,
    Observation,
    Probe,
    ProbeContext,
    Sweep,
    Verdict,
    figure_probe,
    from_django,
    green,
    red,
    unknown,
)
from standvast.kit.wiring import wired
from standvast.kit.words import marked

KIND = "certificate"
LOOK_EVERY_S = 3_600.0
LOOK_S_MAX = 300.0
OLD_AFTER_S = 3 * LOOK_EVERY_S
MISSING = marked("No certificate is in use for {purpose}.")
FEW_DAYS = marked("The certificate for {purpose} has {days} days left, fewer than {level}.")
NOT_LOOKED_AT = marked("{figure} certificates were not shown to their peer for three hours.")

SWEEP_OF_CERTIFICATES = Sweep(
    "certificates.looked_at", LOOK_EVERY_S, look_at_all, deadline_s=LOOK_S_MAX
)


@dataclass(frozen=True)
class Standing:
    """The certificate in use for one purpose."""

    checks: tuple[Check, ...]
    left_s: float


def certificate_probes(purpose: Purpose) -> tuple[Probe, ...]:
    """Return what looks at one purpose: whether it works, and one probe per level of days left.

    The first is about what the purpose names. The days are about the component `certificates`:
    people notice nothing yet, and nobody is told.
    """
    variant = purpose.name if purpose.target == COMPONENT else WHOLE
    name = f"certificate.{purpose.name}"
    return (
        Probe(name, purpose.target, _works(purpose), variant, KIND),
        *(
            Probe(f"{name}.{level}", COMPONENT, _days(purpose, level), f"{purpose.name} {level}")
            for level in LEVELS
        ),
    )


def looked_at_probe() -> Probe:
    """Return what looks at the sweep itself: red when certificates in use were not looked at."""
    return figure_probe(
        "certificates.looked_at",
        COMPONENT,
        read=from_django(_forgotten_count),
        red_over=0.0,
        template=NOT_LOOKED_AT,
        code="certificates.not_looked_at",
        variant="looks",
    )


def _works(purpose: Purpose) -> Callable[[ProbeContext], Awaitable[Observation]]:
    read = _reader(purpose)

    async def run(context: ProbeContext) -> Observation:
        standing = await read(context)
        if standing is None:
            if purpose.must_be_there or purpose.peer() is not None:
                return red("certificates.missing", MISSING, purpose=purpose.name)
            return green()
        return _judged(standing)

    return run


def _judged(standing: Standing) -> Observation:
    for check in standing.checks:
        if check.outcome is Outcome.FAILED:
            return Observation(
                Verdict.RED,
                f"certificates.{check.code}",
                value=standing.left_s,
                template=check.template,
                values=stored_values(check),
            )
    for check in standing.checks:
        if check.outcome is Outcome.NOT_KNOWN:
            return unknown(f"certificates.{check.code}")
    return green(value=standing.left_s)


def _days(purpose: Purpose, level: int) -> Callable[[ProbeContext], Awaitable[Observation]]:
    def read(now: datetime) -> int | None:
        in_use = Certificate.objects.filter(purpose=purpose.name, slot=Slot.CURRENT.value)
        until = in_use.values_list("valid_until", flat=True).first()
        return None if until is None else days_left(until, now)

    async def run(context: ProbeContext) -> Observation:
        days = await from_django(read)(context)
        if days is not None and days < level:
            code = f"certificates.days_{level}"
            return red(code, FEW_DAYS, purpose=purpose.name, days=days, level=level)
        return green()

    return run


def _reader(purpose: Purpose) -> Callable[[ProbeContext], Awaitable[Standing | None]]:
    def read(now: datetime) -> Standing | None:
        in_use = Certificate.objects.filter(purpose=purpose.name, slot=Slot.CURRENT.value)
        row = in_use.first()
        if row is None:
            return None
        left_s = (row.valid_until - now).total_seconds()
        return Standing(known_checks(row, purpose, now), left_s)

    return from_django(read)


def _forgotten_count(now: datetime) -> float:
    names = [purpose.name for purpose in wired(PURPOSES)]
    in_use = Certificate.objects.filter(purpose__in=names, slot=Slot.CURRENT.value)
    return float(in_use.filter(looked_at__lt=now - timedelta(seconds=OLD_AFTER_S)).count())
