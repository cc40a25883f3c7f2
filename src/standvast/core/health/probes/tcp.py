"""TCP: does the door open."""

import asyncio
import contextlib

from standvast.core.health.declared import WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import Watchglass, green, red
from standvast.kit.words import marked

KIND = "tcp"
CLOSED = marked("{target} does not take connections ({reason}).")


def tcp_probe(
    name: str,
    target: str,
    *,
    host: str,
    port: int,
    variant: str = WHOLE,
    interval_s: float = 15.0,
    deadline_s: float = 5.0,
) -> Probe:
    """Open a connection and close it."""

    async def run(context: ProbeContext) -> Observation:
        del context
        glass = Watchglass()
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            return red(
                "health.tcp_closed",
                CLOSED,
                duration_ms=glass.ms,
                target=target,
                reason=type(error).__name__,
            )
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return green(glass.ms)

    return Probe(name, target, run, variant, KIND, interval_s, deadline_s, without_database=True)
