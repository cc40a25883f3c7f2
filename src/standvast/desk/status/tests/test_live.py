"""The edge: closures reach every process within two seconds; the public page needs nothing."""

import asyncio
import contextlib
import json
import time
from datetime import UTC, datetime

import httpx
import psycopg
import pytest
from starlette.applications import Starlette

from standvast.core.health.api import in_thread
from standvast.database.api import Wakes, async_connect
from standvast.desk.status import board as board_file
from standvast.desk.status import live
from standvast.desk.status.board import Board, closed_at_edge
from standvast.desk.status.live import StatusLive
from standvast.desk.status.operations import close_function, reopen_function
from standvast.desk.status.snapshot.make import Writer, say_by_hand
from standvast.kit.actor import Actor
from standvast.kit.ids import uuid7
from standvast.kit.tasks import end_tasks

pytestmark = pytest.mark.django_db(transaction=True)
OPERATOR = Actor(person_id=None, organisation_id=uuid7(), role="operator")


class Pool:
    def __init__(self):
        self.gone = False

    @contextlib.asynccontextmanager
    async def connection(self):
        if self.gone:
            raise psycopg.OperationalError("gone")
        async with await async_connect() as conn:
            yield conn


@pytest.fixture
def pool(monkeypatch):
    found = Pool()
    monkeypatch.setattr(live, "edge_pool", lambda: found)
    return found


@contextlib.asynccontextmanager
async def running(pool):
    """A serve process: its listener, its keeper."""
    status, wakes = StatusLive(), Wakes()
    status.hears(wakes)
    tasks = [asyncio.create_task(work) for work in (wakes.run(), *status.tasks())]
    try:
        await asyncio.sleep(0.3)
        yield status
    finally:
        await end_tasks(tasks)


def close():
    return close_function(
        function="orders.place", organisation_ids=None, texts={"nl": "Dicht."}, reason="r",
        actor=OPERATOR, now=datetime.now(UTC),
    )  # fmt: skip


async def until(condition, within_s=2.0):
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < within_s, "not within two seconds"
        await asyncio.sleep(0.01)
    return time.monotonic() - started


def is_closed():
    return closed_at_edge("orders.place", None) is not None


class TestClosures:
    async def test_reach_another_process_by_its_wake(self, pool, monkeypatch):
        monkeypatch.setattr(live, "EVERY_S", 30.0)  # so that only NOTIFY can bring it
        async with running(pool):
            closure_id = await in_thread(close, name="operator")
            took_s = await until(is_closed)
            assert took_s < 2

            await in_thread(
                lambda: reopen_function(
                    closure_id=closure_id, actor=OPERATOR, now=datetime.now(UTC)
                ),
                name="operator",
            )
            await until(lambda: not is_closed())

    async def test_reach_it_by_polling_when_the_wake_is_lost(self, pool, monkeypatch):
        monkeypatch.setattr(StatusLive, "hears", lambda self, wakes: None)
        async with running(pool):
            await in_thread(close, name="operator")
            await until(is_closed)
            assert is_closed()

    async def test_hold_with_the_database_gone_also_after_a_restart(self, pool):
        async with running(pool):
            await in_thread(close, name="operator")
            await until(is_closed)
            pool.gone = True
            await asyncio.sleep(1.2)
            assert is_closed()

        path = board_file.board().path
        board_file._board = Board(path)  # as a process that starts now
        assert is_closed()

    async def test_open_screens_hear_of_it(self, pool, monkeypatch):
        async def somebody(request):
            return Actor(person_id=uuid7(), organisation_id=uuid7(), role="gp", language="nl")

        monkeypatch.setattr(live, "EVERY_S", 30.0)  # nothing here may wait for a poll
        monkeypatch.setattr(live, "edge_actor", somebody)
        async with running(pool) as status:
            events = status._events(await somebody(None))
            _, _, first = await anext(events)
            assert json.loads(first) == {"closed": [], "notices": []}

            started = time.monotonic()
            waiting = asyncio.ensure_future(anext(events))
            await in_thread(close, name="operator")
            _, name, said = await asyncio.wait_for(waiting, 2.0)
            assert time.monotonic() - started < 2
            await events.aclose()

        assert name == "notices"
        assert json.loads(said)["closed"] == [{"function": "orders.place", "text": "Dicht."}]

    async def test_who_left_is_told_no_more(self, pool, monkeypatch):
        actor = Actor(person_id=uuid7(), organisation_id=uuid7(), role="gp", language="nl")
        there = [actor, None]

        async def again():
            return there.pop(0)

        monkeypatch.setattr(live, "ASKED_AGAIN_S", 0.0)
        async with running(pool) as status:
            events = status._events(actor, again)
            await anext(events)
            with pytest.raises(StopAsyncIteration):
                await asyncio.wait_for(anext(events), 5.0)

        assert there == []

    async def test_strangers_have_no_stream(self, pool, monkeypatch):
        async def nobody(request):
            return None

        monkeypatch.setattr(live, "edge_actor", nobody)
        async with client() as http:
            assert (await http.get("/status/notices/stream")).status_code == 204


def client():
    transport = httpx.ASGITransport(app=Starlette(routes=list(StatusLive().routes())))
    return httpx.AsyncClient(transport=transport, base_url="http://edge")


class TestPublicPage:
    async def test_is_served_from_files_with_an_etag_in_the_language_asked_for(self, pool):
        await in_thread(lambda: Writer().sweep(datetime.now(UTC)), name="t")
        async with client() as http:
            page = await http.get("/status/", headers={"accept-language": "fr-BE,fr;q=0.9"})
            english = await http.get("/status/?language=en")
            again = await http.get(
                "/status/", headers={"accept-language": "fr", "if-none-match": page.headers["etag"]}
            )
            summary = await http.get("/api/v2/summary.json")
            styles = await http.get("/status/status.css")
            mark = await http.get("/status/mark.svg")

        assert 'lang="fr"' in page.text
        assert 'lang="en"' in english.text
        assert again.status_code == 304
        assert summary.json()["page"]["id"] == "standvast"
        assert summary.headers["access-control-allow-origin"] == "*"
        assert styles.headers["content-type"].startswith("text/css")
        assert 'href="mark.svg"' in page.text
        assert mark.headers["content-type"] == "image/svg+xml"

    async def test_is_made_here_where_no_watch_writes(self, pool):
        async with client() as http:
            assert (await http.get("/status/")).status_code == 200

    async def test_knows_no_other_names(self, pool):
        await in_thread(lambda: say_by_hand("x"), name="t")
        async with client() as http:
            for path in ("/status/..%2fboard.json", "/status/board.json", "/api/v2/../board.json"):
                assert (await http.get(path)).status_code == 404
            assert (await http.get("/status/notice.txt")).text == "x\n"
