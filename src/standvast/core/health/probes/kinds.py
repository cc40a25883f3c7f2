"""What every kind of probe shares: making an observation, asking Django from a probe."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from standvast.core.health.declared import Observation, ProbeContext, Value, Verdict
from standvast.core.health.threads import in_thread

T = TypeVar("T")


class Watchglass:
    """Measures from its making."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def ms(self) -> int:
        """Milliseconds so far."""
        return int((time.monotonic() - self._started) * 1000)


def green(duration_ms: int = 0, *, value: float | None = None) -> Observation:
    """Return: it works."""
    return Observation(Verdict.GREEN, duration_ms=duration_ms, value=value)


def red(
    code: str,
    template: str,
    *,
    duration_ms: int = 0,
    value: float | None = None,
    **values: Value,
) -> Observation:
    """Return: it does not, and why, as a marked sentence with its values."""
    return Observation(Verdict.RED, code, duration_ms, value, template, values)


def unknown(code: str, *, duration_ms: int = 0) -> Observation:
    """Return: could not tell."""
    return Observation(Verdict.UNKNOWN, code, duration_ms)


def from_django(read: Callable[[datetime], T]) -> Callable[[ProbeContext], Awaitable[T]]:
    """Return an asynchronous reader of a synchronous query, for probes.

    Runs in a thread of its own with a Django connection that is given back, and with the probe's
    deadline as the bound on each statement.
    """

    async def asked(context: ProbeContext) -> T:
        return await in_thread(
            lambda: read(context.now), name="probe", statement_s_max=context.deadline_s
        )

    return asked
