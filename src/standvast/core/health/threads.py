"""Synchronous work with a Django connection, in a thread that never keeps a process from ending."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import connections
from django.db.utils import Error as DatabaseError

T = TypeVar("T")


async def in_thread(work: Callable[[], T], *, name: str, statement_s_max: float | None = None) -> T:
    """Run `work` in a thread of its own and return its answer; its connection is closed after.

    The caller may give up waiting (a deadline): the thread then ends by itself, at the latest
    when the database ends its statement. Threads are daemons: none holds up a stop.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        value: T | None = None
        failed: BaseException | None = None
        try:
            with _bounded(statement_s_max):
                value = work()
        except BaseException as error:  # noqa: BLE001 - carried to the one who waits
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop may be gone by now
            loop.call_soon_threadsafe(settle, value, failed)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await answer


@contextlib.contextmanager
def _bounded(statement_s_max: float | None) -> Iterator[None]:
    try:
        if statement_s_max is not None:
            _set_timeout(int(statement_s_max * 1000))
        yield
    finally:
        if statement_s_max is not None:
            with contextlib.suppress(DatabaseError):
                _set_timeout(0)
        connections.close_all()


def _set_timeout(ms: int) -> None:
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(ms)])
