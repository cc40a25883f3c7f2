"""Ending tasks for certain."""

import asyncio
import contextlib
import time

from standvast.kit.tasks import end_tasks


async def swallows(times: int) -> None:
    """Go on after so many cancellations, as a library's wait may."""
    while times:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            times -= 1
    await asyncio.sleep(60)


async def breaks() -> None:
    raise RuntimeError("broken long ago")


class TestEndTasks:
    async def test_ends_a_task_that_swallows_a_cancellation(self):
        tasks = [asyncio.create_task(swallows(times)) for times in (0, 1, 3)]
        await asyncio.sleep(0)

        await end_tasks(tasks)

        assert [task.cancelled() for task in tasks] == [True, True, True]

    async def test_takes_no_notice_of_how_a_task_ended(self):
        tasks = [asyncio.create_task(breaks())]
        await asyncio.sleep(0)

        await end_tasks(tasks)

        assert tasks[0].done()

    async def test_gives_up_one_that_never_ends(self):
        may_end = asyncio.Event()

        async def stubborn() -> None:
            while not may_end.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(60)

        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0)
        started = time.monotonic()

        await end_tasks([task], within_s=0.5)

        assert 0.4 < time.monotonic() - started < 2
        assert not task.done()
        may_end.set()
        await end_tasks([task])
