"""One group: gather what arrives, write it in one transaction, give each its verdict."""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import psycopg

from standvast.core.groupcommit.kept import DURABLE
from standvast.database.api import async_connect
from standvast.kit.errors import Busy, Unavailable
from standvast.kit.words import marked

Item = TypeVar("Item")
Verdict = TypeVar("Verdict")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Commit = Callable[[Connection, Sequence[Item], datetime], Awaitable[Sequence[Verdict]]]
"""Writes a batch inside an open transaction; returns one verdict per item, in order.

A rule that says no is a verdict (a value), not an exception. An exception means that the batch
could not be written; each item is then tried alone, so that only the bad one fails.
"""

log = logging.getLogger(__name__)

STATEMENT_S_MAX = 5
TRANSACTION_S_MAX = 5
"""A process that stops in the middle of a transaction loses it then, and with it every lock."""
RECONNECT_S = 0.2
TRANSACTION_TIMEOUT_SINCE = 170_000
TURN_MS_MAX = 250
SOON = "set_config('synchronous_commit', 'off', true)"
"""Locks end with the commit and not with the disk: whoever comes next waits for no disk of ours.
People are told after `DURABLE`."""
TURN = f"""
SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s),
       set_config('lock_timeout', '0', true), {SOON}, clock_timestamp()
"""
"""One after the other, as they are listed."""
NO_TURN = f"SELECT {SOON}, clock_timestamp()"
ATTEMPTS_MAX = 4
FORESTALLED = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
)
"""Another process came between: nothing was written, and a new look decides on what it left."""


class GroupFull(Busy):
    """More waits already than can be written in good time."""

    code = "groupcommit.full"


class NotStored(Unavailable):
    """The database did not take the item. Nothing of it was written, or nobody can know yet."""

    code = "groupcommit.not_stored"


@dataclass
class GroupFigures:
    """What a group has done since the process started. Durations in seconds."""

    batches_count: int = 0
    items_count: int = 0
    refused_full_count: int = 0
    failed_count: int = 0
    turns_missed_count: int = 0
    last_batch_s: float = 0.0
    last_wait_s: float = 0.0
    largest_batch_count: int = 0


@dataclass
class _Waiting(Generic[Item, Verdict]):
    item: Item
    answer: "asyncio.Future[Verdict]"
    since: float


class GroupCommit(Generic[Item, Verdict]):
    """Gathers items in one process and commits them together.

    `pending_max` bounds what waits, `batch_max` what one transaction holds. Any number of
    processes may run a group of the same name: the rows they lock put them in order. They take
    turns before they take their batch: whoever arrives while a process waits for its turn shares
    its transaction. A turn that does not come soon is not waited for.
    """

    def __init__(
        self,
        commit: Commit[Item, Verdict],
        *,
        name: str,
        pending_max: int = 5_000,
        batch_max: int = 500,
        retry_after_s: int = 1,
        connect: Callable[[], Awaitable[Connection]] | None = None,
    ) -> None:
        assert 0 < batch_max <= pending_max
        self.name = name
        self._turn = turn_key(name)
        self.figures = GroupFigures()
        self._commit = commit
        self._pending_max = pending_max
        self._batch_max = batch_max
        self._retry_after_s = retry_after_s
        self._pending: deque[_Waiting[Item, Verdict]] = deque()
        self._filled = asyncio.Event()
        self._link = _Link(
            connect or (lambda: async_connect(autocommit=True, name=f"group {name}"))
        )

    @property
    def pending_count(self) -> int:
        """How many items wait for their transaction."""
        return len(self._pending)

    async def submit(self, item: Item) -> Verdict:
        """Join the next transaction and return the verdict once it is durable.

        :raises GroupFull: if the bound is reached; nothing was taken.
        :raises NotStored: if the database did not answer. The same key may be sent again.
        """
        if len(self._pending) >= self._pending_max:
            self.figures.refused_full_count += 1
            raise GroupFull(
                marked("It is very busy. Your browser tries again in {seconds} seconds."),
                retry_after_s=self._retry_after_s,
                seconds=self._retry_after_s,
            )
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._pending.append(_Waiting(item, answer, time.monotonic()))
        self._filled.set()
        return await answer

    async def run(self) -> None:
        """Commit batch after batch until cancelled; what then still waits is told so."""
        try:
            while True:
                await self._filled.wait()
                await self._write([])
        finally:
            for waiting in self._pending:
                if not waiting.answer.done():
                    waiting.answer.set_exception(NotStored("The process is stopping."))
            self._pending.clear()
            await self._link.close()

    def _take_batch(self) -> list[_Waiting[Item, Verdict]]:
        batch: list[_Waiting[Item, Verdict]] = []
        while self._pending and len(batch) < self._batch_max:
            waiting = self._pending.popleft()
            if not waiting.answer.done():  # its caller may have gone away: then nothing is owed
                batch.append(waiting)
        if not self._pending:
            self._filled.clear()
        return batch

    async def _write(
        self, batch: list[_Waiting[Item, Verdict]], *, is_patient: bool = True
    ) -> None:
        """Write these items; an empty batch takes whoever waits when its turn has come."""
        started, missed_before = time.monotonic(), self.figures.turns_missed_count
        try:
            verdicts = await self._transact(batch, is_patient=is_patient)
        except asyncio.CancelledError:
            self._fail(batch, NotStored("The process is stopping."))
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
            log.warning("groupcommit.not_stored group=%s kind=%s", self.name, type(error).__name__)
            await self._link.close()
            await asyncio.sleep(RECONNECT_S)
            self._fail(batch or self._take_batch(), NotStored("The database did not answer."))
        except Exception as error:
            if len(batch) <= 1:
                log.exception("groupcommit.item_failed group=%s", self.name)
                self._fail(batch or self._take_batch(), error)
                return
            is_patient = self.figures.turns_missed_count == missed_before and is_patient
            for waiting in batch:
                await self._write([waiting], is_patient=is_patient)
        else:
            for waiting, verdict in zip(batch, verdicts, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(verdict)
            figures = self.figures
            figures.batches_count += bool(batch)
            figures.items_count += len(batch)
            figures.largest_batch_count = max(figures.largest_batch_count, len(batch))
            figures.last_batch_s = time.monotonic() - started

    async def _transact(
        self, batch: list[_Waiting[Item, Verdict]], *, is_patient: bool
    ) -> Sequence[Verdict]:
        """One transaction; one that another process forestalled is decided anew."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            connection = await self._link.connection()
            try:
                async with self._link.quickly(connection):
                    verdicts = await self._write_together(connection, batch, is_patient=is_patient)
                    if batch:
                        await connection.execute(DURABLE)
                return verdicts
            except psycopg.errors.LockNotAvailable:
                if not is_patient:
                    raise
                self.figures.turns_missed_count += 1
                is_patient = False
            except FORESTALLED:
                if attempt == ATTEMPTS_MAX:
                    raise
        raise AssertionError("unreachable")

    async def _write_together(
        self,
        connection: Connection,
        batch: list[_Waiting[Item, Verdict]],
        *,
        is_patient: bool,
    ) -> Sequence[Verdict]:
        """Write the batch, taken now if it is empty; what is committed here may not be durable."""
        async with connection.transaction():
            now = await self._its_turn(connection, is_patient=is_patient)
            batch += () if batch else self._take_batch()
            if not batch:
                return []
            self.figures.last_wait_s = time.monotonic() - batch[0].since
            return await self._commit(connection, [waiting.item for waiting in batch], now)

    async def _its_turn(self, connection: Connection, *, is_patient: bool) -> datetime:
        """Wait until no other process writes, for a while; return the database's time.

        :raises LockNotAvailable: if the turn does not come in time: whoever has it may be stuck.
        """
        if is_patient:
            cursor = await connection.execute(TURN, [f"{TURN_MS_MAX}ms", self._turn])
        else:
            cursor = await connection.execute(NO_TURN)
        row = await cursor.fetchone()
        assert row is not None
        at: datetime = row[-1]
        return at

    def _fail(self, batch: list[_Waiting[Item, Verdict]], error: Exception) -> None:
        self.figures.failed_count += len(batch)
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)


class _Link:
    """The group's one connection: opened when needed, again after a loss.

    One at a time: with two, each transaction holds half as many and costs almost as much.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._open: Connection | None = None

    async def connection(self) -> Connection:
        """Return it, set up for the same few statements again and again."""
        if self._open is None or self._open.closed:
            self._open = await self._connect()
            await self._open.execute(
                f"SET statement_timeout = '{STATEMENT_S_MAX}s'; "
                f"SET idle_in_transaction_session_timeout = '{TRANSACTION_S_MAX}s'; "
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off"
            )
            if self._open.info.server_version >= TRANSACTION_TIMEOUT_SINCE:
                await self._open.execute(f"SET transaction_timeout = '{TRANSACTION_S_MAX}s'")
        return self._open

    def quickly(self, connection: Connection) -> contextlib.AbstractAsyncContextManager[object]:
        """Send statements without waiting for each; where the server can end a stuck transaction.

        While statements are sent that way, an older server does not count the time it is idle.
        """
        if connection.info.server_version >= TRANSACTION_TIMEOUT_SINCE:
            return connection.pipeline()
        return contextlib.nullcontext()

    async def close(self) -> None:
        """Close it; the next use opens another."""
        connection, self._open = self._open, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()


def turn_key(group: str) -> int:
    """Return the key of the database's lock that is a group's turn: a signed bigint."""
    digest = hashlib.blake2b(f"group {group}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
