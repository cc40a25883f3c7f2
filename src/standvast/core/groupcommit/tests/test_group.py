"""The group commit's promises, tried on PostgreSQL."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import psycopg
import pytest

from standvast.core.groupcommit import group as group_module
from standvast.core.groupcommit.api import GroupCommit, GroupFull
from standvast.core.groupcommit.group import NotStored, turn_key
from standvast.database.api import async_connect

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "groupcommit_trial"


class Bad(RuntimeError):
    """What one item does to its batch."""


async def write(connection: Any, items: Sequence[str], now: datetime) -> list[str]:
    """Store the items; `bad` breaks the whole batch, `kill` the connection."""
    if "kill" in items:
        await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    await connection.execute(f"INSERT INTO {TABLE} SELECT * FROM unnest(%s::text[])", [list(items)])
    if "bad" in items:
        raise Bad
    return [f"stored {item}" for item in items]


@contextlib.asynccontextmanager
async def running(group: GroupCommit[Any, Any]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(group.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def trial() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    connection = await async_connect()
    await connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
    await connection.execute(f"CREATE TABLE {TABLE} (item text PRIMARY KEY)")
    yield connection
    await connection.execute(f"DROP TABLE {TABLE}")
    await connection.close()


async def stored(connection: psycopg.AsyncConnection[Any]) -> set[str]:
    cursor = await connection.execute(f"SELECT item FROM {TABLE}")
    return {row[0] for row in await cursor.fetchall()}


class TestGroupCommit:
    async def test_shares_a_transaction_among_what_arrives_meanwhile(self, trial):
        group = GroupCommit(write, name="trial")

        async with running(group):
            verdicts = await asyncio.gather(*(group.submit(f"i{n}") for n in range(200)))

        assert verdicts == [f"stored i{n}" for n in range(200)]
        assert await stored(trial) == {f"i{n}" for n in range(200)}
        assert group.figures.batches_count <= 5

    async def test_whoever_comes_while_their_process_waits_for_its_turn_shares_it(
        self, trial, monkeypatch
    ):
        monkeypatch.setattr(group_module, "TURN_MS_MAX", 3_000)
        groups = [GroupCommit(write, name="trial") for _ in "ab"]
        async with await async_connect() as holder, running(groups[0]), running(groups[1]):
            async with holder.transaction():
                await holder.execute("SELECT pg_advisory_xact_lock(%s)", [turn_key("trial")])
                early = [asyncio.ensure_future(group.submit(f"{group}1")) for group in groups]
                await asyncio.sleep(0.2)
                late = [asyncio.ensure_future(group.submit(f"{group}2")) for group in groups]
                await asyncio.sleep(0.2)
                assert not any(answer.done() for answer in early + late)
            await asyncio.wait_for(asyncio.gather(*early, *late), 5)

        assert [group.figures.batches_count for group in groups] == [1, 1]
        assert len(await stored(trial)) == 4

    async def test_a_turn_that_does_not_come_is_not_waited_for(self, trial):
        group = GroupCommit(write, name="trial")
        async with await async_connect() as holder, running(group), holder.transaction():
            await holder.execute("SELECT pg_advisory_xact_lock(%s)", [turn_key("trial")])
            assert await asyncio.wait_for(group.submit("a"), 2) == "stored a"

        assert group.figures.turns_missed_count == 1

    async def test_a_turn_that_was_missed_is_not_waited_for_again_by_each_of_a_bad_batch(
        self, trial
    ):
        group = GroupCommit(write, name="trial")
        async with await async_connect() as holder, running(group), holder.transaction():
            await holder.execute("SELECT pg_advisory_xact_lock(%s)", [turn_key("trial")])
            items = [*(f"i{n}" for n in range(20)), "bad"]
            answers = await asyncio.gather(
                *(group.submit(item) for item in items), return_exceptions=True
            )

        assert [isinstance(answer, Bad) for answer in answers] == [False] * 20 + [True]
        assert group.figures.turns_missed_count == 1

    async def test_a_process_that_stops_in_its_turn_loses_it(self, trial, monkeypatch):
        monkeypatch.setattr(group_module, "TRANSACTION_S_MAX", 1)

        async def stuck(connection: Any, items: Sequence[str], now: datetime) -> list[str]:
            await write(connection, items, now)
            time.sleep(1.5)  # noqa: ASYNC251 - the whole process stands still
            return [f"stored {item}" for item in items]

        group = GroupCommit(stuck, name="trial")
        async with running(group):
            with pytest.raises(NotStored):
                await asyncio.wait_for(group.submit("a"), 10)

        assert await stored(trial) == set()

    async def test_fails_only_the_bad_one(self, trial):
        group = GroupCommit(write, name="trial")

        async with running(group):
            answers = await asyncio.gather(
                *(group.submit(item) for item in ("a", "bad", "c")), return_exceptions=True
            )

        assert answers[0] == "stored a"
        assert isinstance(answers[1], Bad)
        assert answers[2] == "stored c"
        assert await stored(trial) == {"a", "c"}

    async def test_answers_only_after_the_commit(self, trial):
        group = GroupCommit(write, name="trial")

        async with running(group):
            await group.submit("seen")
            # Another connection sees it at once, so it was committed before the answer.
            assert await stored(trial) == {"seen"}

    async def test_refuses_past_its_bound_and_takes_nothing(self, trial):
        group = GroupCommit(write, name="trial", pending_max=2, batch_max=2)
        first = [asyncio.ensure_future(group.submit(item)) for item in ("a", "b")]
        await asyncio.sleep(0)

        with pytest.raises(GroupFull) as refused:
            await group.submit("c")
        async with running(group):
            await asyncio.gather(*first)

        assert refused.value.retry_after_s >= 1
        assert await stored(trial) == {"a", "b"}

    async def test_says_so_when_the_connection_dies_and_goes_on_with_the_next(self, trial):
        group = GroupCommit(write, name="trial")

        async with running(group):
            with pytest.raises(NotStored):
                await group.submit("kill")
            after = await group.submit("after")

        assert after == "stored after"
        assert await stored(trial) == {"after"}

    async def test_does_not_write_what_was_given_up_before_its_batch(self, trial):
        group = GroupCommit(write, name="trial")
        given_up = asyncio.ensure_future(group.submit("given up"))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)

        async with running(group):
            await group.submit("kept")

        assert await stored(trial) == {"kept"}

    async def test_tells_those_who_wait_when_the_process_stops(self, trial):
        is_writing = asyncio.Event()

        async def endless(connection: Any, items: Sequence[str], now: datetime) -> list[str]:
            await write(connection, items, now)
            is_writing.set()
            await asyncio.sleep(60)
            return []

        group = GroupCommit(endless, name="trial")
        task = asyncio.ensure_future(group.run())
        under_way = asyncio.ensure_future(group.submit("under way"))
        await is_writing.wait()
        behind = asyncio.ensure_future(group.submit("behind"))
        await asyncio.sleep(0)
        task.cancel()

        answers = await asyncio.wait_for(
            asyncio.gather(under_way, behind, return_exceptions=True), 2
        )

        await asyncio.gather(task, return_exceptions=True)
        assert [type(answer) for answer in answers] == [NotStored, NotStored]
        assert await stored(trial) == set()
