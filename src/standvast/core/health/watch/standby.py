"""Standing by: looking after the leader, and deposing one that hangs on to its lock."""

import logging
import time

from standvast.core.health.judge import Judge
from standvast.core.health.watch.store import (
    LEADER_KEY,
    PACKAGE,
    Connection,
    read_open_findings,
    read_stands,
)
from standvast.database.api import named_sql

APPLICATION = "standvast watch"
HUNG_AFTER_S = 20.0
LOAD_EVERY_S = 15.0

log = logging.getLogger(__name__)


class Standby:
    """What a watch that does not lead remembers between turns."""

    def __init__(self) -> None:
        self._holder_pid: int | None = None
        self._holder_since = 0.0
        self._loaded_at = 0.0

    async def turn(self, conn: Connection, judge: Judge) -> None:
        """Keep an eye on the leader; keep our own knowledge fresh enough to go on blind."""
        at = time.monotonic()
        if at - self._loaded_at > LOAD_EVERY_S:
            judge.load(await read_stands(conn), await read_open_findings(conn))
            self._loaded_at = at
        cursor = await conn.execute(named_sql(PACKAGE, "leader"), {"key": LEADER_KEY})
        row = await cursor.fetchone()
        if row is None or row[0] != self._holder_pid:
            self._holder_pid = row[0] if row else None
            self._holder_since = at
            return
        if at - self._holder_since > HUNG_AFTER_S and await self._is_hung(conn):
            log.error("health.leader_hung backend=%s", self._holder_pid)
            await conn.execute("SELECT pg_terminate_backend(%s)", [self._holder_pid])
            self._holder_pid = None

    async def _is_hung(self, conn: Connection) -> bool:
        """Whether nobody who leads has given a pulse lately, though the lock is held."""
        cursor = await conn.execute(named_sql(PACKAGE, "leader_pulse"), {"within": HUNG_AFTER_S})
        row = await cursor.fetchone()
        return bool(row and not row[0])
