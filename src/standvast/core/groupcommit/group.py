"""One group: gather what arrives, write it in one transaction, give each its verdict."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import psycopg

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
RECONNECT_S = 0.2
ATTEMPTS_MAX = 3
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
    processes may run a group of the same name: the rows they lock put them in order.
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
                batch = self._take_batch()
                if batch:
                    await self._write(batch)
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

    async def _write(self, batch: list[_Waiting[Item, Verdict]]) -> None:
        started = time.monotonic()
        self.figures.last_wait_s = started - batch[0].since
        try:
            verdicts = await self._transact([waiting.item for waiting in batch])
        except asyncio.CancelledError:
            self._fail(batch, NotStored("The process is stopping."))
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
            log.warning("groupcommit.not_stored group=%s kind=%s", self.name, type(error).__name__)
            await self._link.close()
            await asyncio.sleep(RECONNECT_S)
            self._fail(batch, NotStored("The database did not answer."))
        except Exception as error:
            if len(batch) == 1:
                log.exception("groupcommit.item_failed group=%s", self.name)
                self._fail(batch, error)
                return
            for waiting in batch:
                await self._write([waiting])
        else:
            for waiting, verdict in zip(batch, verdicts, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(verdict)
            figures = self.figures
            figures.batches_count += 1
            figures.items_count += len(batch)
            figures.largest_batch_count = max(figures.largest_batch_count, len(batch))
            figures.last_batch_s = time.monotonic() - started

    async def _transact(self, items: Sequence[Item]) -> Sequence[Verdict]:
        """One transaction; one that another process forestalled is decided anew."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            connection = await self._link.connection()
            try:
                async with connection.transaction():
                    cursor = await connection.execute("SELECT clock_timestamp()")
                    row = await cursor.fetchone()
                    assert row is not None
                    return await self._commit(connection, items, row[0])
            except FORESTALLED:
                if attempt == ATTEMPTS_MAX:
                    raise
        raise AssertionError("unreachable")

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
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off"
            )
        return self._open

    async def close(self) -> None:
        """Close it; the next use opens another."""
        connection, self._open = self._open, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()
