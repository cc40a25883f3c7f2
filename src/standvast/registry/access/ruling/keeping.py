"""What a process that serves people keeps: what it declares, and what its shadow counted."""

import asyncio
import logging
from functools import partial

from django.db import Error as DatabaseError

from standvast.core.health.api import in_thread
from standvast.database.api import database_now
from standvast.registry.access.ruling.memory import memory
from standvast.registry.access.ruling.operations.running import keep_running
from standvast.registry.access.ruling.operations.shadowing import keep_judged

log = logging.getLogger(__name__)

KEPT_EVERY_S = 2.0
AGAIN_AFTER_S = 10.0


async def keep_what_runs() -> None:
    """Keep once what this build declares, however long the database lets that wait."""
    while True:
        try:
            await in_thread(
                lambda: keep_running(database_now()), name="access-running", statement_s_max=5.0
            )
        except DatabaseError:
            log.warning("access.running_not_kept")
            await asyncio.sleep(AGAIN_AFTER_S)
        else:
            await asyncio.Event().wait()


async def keep_tallies() -> None:
    """Add what was counted until cancelled; what cannot be kept is given up and said."""
    while True:
        await asyncio.sleep(KEPT_EVERY_S)
        judged = memory.tally.taken()
        if judged is None:
            continue
        try:
            await in_thread(
                partial(keep_judged, judged=judged), name="access-tally", statement_s_max=5.0
            )
        except DatabaseError:
            log.warning("access.tally_not_kept number=%d", judged.number)
