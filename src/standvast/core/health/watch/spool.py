"""What a watch writes down while the database is gone: JSON lines, synced, bounded, keyed.

Each watch claims a file of its own; what a dead watch left is claimed by the next. Playing it
back twice has no effect: looks and findings have keys.
"""

import fcntl
import logging
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from standvast.core.health.watch.store import (
    Connection,
    Row,
    write_ends,
    write_findings,
    write_looks,
)

LOOKS_BYTES_MAX = 8 * 2**20
"""Past this, looks are dropped and counted; findings still fit in the rest."""
BYTES_MAX = 10 * 2**20
FILES_MAX = 32
BATCH_MAX = 500
KINDS = ("look", "finding", "end")

log = logging.getLogger(__name__)


class Spool:
    """One file of lines `{"kind": ..., "row": {...}}`, held by one process at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._file: IO[bytes] | None = None
        self.dropped_count = 0

    def add(self, kind: str, rows: Sequence[Row]) -> None:
        """Append rows and wait until they are on disk. Past the bound they are counted only."""
        assert kind in KINDS, kind
        if not rows:
            return
        file = self._claimed()
        if file is None:
            self.dropped_count += len(rows)
            return
        lines = b"".join(msgspec.json.encode({"kind": kind, "row": r}) + b"\n" for r in rows)
        bound = LOOKS_BYTES_MAX if kind == "look" else BYTES_MAX
        if file.seek(0, os.SEEK_END) + len(lines) > bound:
            self.dropped_count += len(rows)
            return
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())

    async def replay(self, conn: Connection, *, over_at: datetime | None = None) -> int:
        """Write every spool that nobody else holds to the database, then empty it; return rows.

        A standby passes `over_at`: what it saw red and did not see end is history from then on;
        whether it is red now is for the leader to say.
        All of one file goes in one transaction; a crash between commit and emptying means that it
        is played again, without effect.
        """
        count = 0
        for file in self._all():
            rows = _read(file)
            if rows:
                async with conn.transaction():
                    await _write(conn, rows, over_at)
                count += len(rows)
                file.seek(0)
                file.truncate()
                os.fsync(file.fileno())
            if file is not self._file:
                file.close()
        if self.dropped_count:
            log.error("health.spool_full dropped=%s", self.dropped_count)
            self.dropped_count = 0
        return count

    def close(self) -> None:
        """Let go of the file; what stands in it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _claimed(self) -> IO[bytes] | None:
        if self._file is None:
            for number in range(FILES_MAX):
                file = _claim(self._folder / f"spool-{number}.jsonl", make=True)
                if file is not None:
                    self._file = file
                    break
        return self._file

    def _all(self) -> list[IO[bytes]]:
        """Return our file and those that no living watch holds."""
        files = [self._file] if self._file else []
        mine = self._file.name if self._file else ""
        for path in sorted(self._folder.glob("spool-*.jsonl"))[:FILES_MAX]:
            if str(path) != mine and (file := _claim(path, make=False)):
                files.append(file)
        return files


def _claim(path: Path, *, make: bool) -> IO[bytes] | None:
    flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if make else 0)
    try:
        file = os.fdopen(os.open(path, flags, 0o600), "ab+")
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.seek(0)
    return file


def _read(file: IO[bytes]) -> list[tuple[str, Row]]:
    """Return the whole lines; half a line at the end is what a crash left."""
    file.seek(0)
    rows: list[tuple[str, Row]] = []
    for line in file:
        try:
            entry: dict[str, Any] = msgspec.json.decode(line)
            rows.append((str(entry["kind"]), dict(entry["row"])))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            log.warning("health.spool_line_unreadable bytes=%s", len(line))
    return rows


async def _write(conn: Connection, rows: list[tuple[str, Row]], over_at: datetime | None) -> None:
    looks = [row for kind, row in rows if kind == "look"]
    for start in range(0, len(looks), BATCH_MAX):
        await write_looks(conn, looks[start : start + BATCH_MAX])
    ends = {str(row["id"]): row["ended_at"] for kind, row in rows if kind == "end"}
    for kind, row in rows:
        if kind == "finding":
            ended = ends.get(str(row["id"])) or (over_at.isoformat() if over_at else None)
            await write_findings(conn, [{**row, "ended_at": ended}])
    await write_ends(conn, [{"id": key, "ended_at": at} for key, at in ends.items()])
