"""Our own processes: N of N alive, and errors in their logs, from their pulses."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from standvast.core.health.declared import Observation, Probe
from standvast.core.health.probes.kinds import from_django, green, red
from standvast.core.health.queries import PulseView, pulses
from standvast.kit.words import marked

KIND = "process"
STALE_S = 10.0
SEEN_WITHIN_S = 15 * 60
MISSING = marked("{alive} of {expected} processes of kind {process} are alive.")
ERRORS = marked("{errors} errors in the log in the last minute; {bound} is the bound.")


def alive(seen: Sequence[PulseView], now: datetime) -> list[PulseView]:
    """Return those that gave a pulse lately and did not stop."""
    since = now - timedelta(seconds=STALE_S)
    return [p for p in seen if p.stopped_at is None and p.at > since]


def expected_of(seen: Sequence[PulseView], now: datetime) -> int:
    """Return how many there should be, from what was seen: the alive, and the dead unreplaced.

    One that died without saying so is replaced by one that began after its last pulse.
    """
    living = alive(seen, now)
    dead = sorted((p for p in seen if p.stopped_at is None and p not in living), key=lambda p: p.at)
    fresh = sorted(living, key=lambda p: p.started_at)
    unreplaced = 0
    for gone in reversed(dead):
        if fresh and fresh[-1].started_at >= gone.at:
            fresh.pop()
        else:
            unreplaced += 1
    return len(living) + unreplaced


def processes_probe(
    kind: str, target: str, *, expected_count: int | None = None, interval_s: float = 10.0
) -> Probe:
    """N of N: red while fewer are alive than expected.

    Without a number those seen in the last quarter of an hour are expected, less those that
    stopped on purpose; at least one. A dead one is found within 32 s.
    """

    def look(now: datetime) -> Observation:
        seen = [p for p in pulses(now, within_s=SEEN_WITHIN_S) if p.kind == kind]
        living_count = len(alive(seen, now))
        wanted = max(1, expected_of(seen, now)) if expected_count is None else expected_count
        if living_count < wanted:
            return red(
                "health.process_missing",
                MISSING,
                value=float(living_count),
                alive=living_count,
                expected=wanted,
                process=kind,
            )
        return green(value=float(living_count))

    return _probe(f"process.{kind}", target, kind, look, interval_s)


def errors_probe(target: str, *, per_minute_max: int = 20, interval_s: float = 10.0) -> Probe:
    """Errors in the log of all living processes together, over the last minute."""

    def look(now: datetime) -> Observation:
        living = alive(pulses(now, within_s=STALE_S), now)
        errors = sum(int(p.figures.get("errors_per_minute", 0)) for p in living)
        if errors > per_minute_max:
            code, count = "health.errors_in_log", float(errors)
            return red(code, ERRORS, value=count, errors=errors, bound=per_minute_max)
        return green(value=float(errors))

    return _probe("log.errors", target, "errors", look, interval_s)


def _probe(
    name: str,
    target: str,
    variant: str,
    look: Callable[[datetime], Observation],
    interval_s: float,
) -> Probe:
    return Probe(name, target, from_django(look), variant, KIND, interval_s)
