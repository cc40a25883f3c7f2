"""Whether this process may take traffic: asked until the answer is yes, and not again.

A certificate that runs out at noon must not take away every page: then it is a finding.
"""

import asyncio
import contextlib
import time
from datetime import datetime

from standvast.core.health.declared import READY, NotReady
from standvast.core.health.threads import in_thread
from standvast.kit.wiring import wired

ASK_EVERY_S = 1.0
ASK_S_MAX = 4.0
NOT_TOLD = "what must be in place could not be looked at\n"


class Readiness:
    """What keeps one process from taking traffic."""

    def __init__(self) -> None:
        self._is_cleared = False
        self._against = NOT_TOLD
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def against(self, now: datetime | None) -> str:
        """Return what is against it, a line each, in English; empty when nothing is."""
        async with self._asking:
            if self._is_cleared or now is None:
                return "" if self._is_cleared else NOT_TOLD
            if time.monotonic() - self._asked_at >= ASK_EVERY_S:
                self._against = await self._ask(now)
                self._asked_at = time.monotonic()
                self._is_cleared = not self._against
            return self._against

    async def _ask(self, now: datetime) -> str:
        def ask() -> list[NotReady]:
            return [reason for bring in wired(READY) for reason in bring(now)]

        with contextlib.suppress(Exception):  # whatever is wrong, it is not ready
            async with asyncio.timeout(ASK_S_MAX):
                reasons = await in_thread(ask, name="ready", statement_s_max=ASK_S_MAX)
                return "".join(_line(reason) for reason in reasons)
        return NOT_TOLD


def _line(reason: NotReady) -> str:
    said = reason.template.format(**reason.values) if reason.values else reason.template
    return f"{reason.what}: {said}\n"
