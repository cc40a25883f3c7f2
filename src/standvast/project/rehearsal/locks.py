"""How long a migration keeps others waiting: looks at the locks it holds, many times a second."""

import threading
import time
from dataclasses import dataclass

import psycopg

EVERY_S = 0.01
HINDER = ("AccessExclusiveLock", "ExclusiveLock", "ShareRowExclusiveLock", "ShareLock")
"""Locks that keep somebody from writing, the first also from reading."""
KNOWN = (
    "SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
)
HELD = """
SELECT l.pid, l.relation, c.relname, l.mode FROM pg_locks l
JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.granted AND l.mode = ANY(%s) AND l.relation = ANY(%s)
  AND a.backend_type = 'client backend' AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class Held:
    """A lock that hindered others, for how long at least and on which table."""

    table: str = ""
    mode: str = ""
    lock_s: float = 0.0


class LockWatch:
    """Watches the tables that were there before; those that are new keep nobody waiting."""

    def __init__(self, url: str) -> None:
        self._conn = psycopg.connect(url, autocommit=True)
        self._known = [oid for (oid,) in self._conn.execute(KNOWN).fetchall()]
        self._since: dict[tuple[int, int, str], float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="locks", daemon=True)
        self.heaviest = Held()

    def __enter__(self) -> "LockWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._conn.close()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            self._look()

    def _look(self) -> None:
        """Take the time of every lock that is held; one that is gone begins anew next time."""
        held = self._conn.execute(HELD, (list(HINDER), self._known)).fetchall()
        now = time.monotonic()
        still = {}
        for pid, relation, name, mode in held:
            key = (pid, relation, mode)
            still[key] = self._since.get(key, now - EVERY_S)
            lock_s = now - still[key]
            if lock_s > self.heaviest.lock_s:
                self.heaviest = Held(name, mode, round(lock_s, 3))
        self._since = still
