"""Enforcing and taking back are felt in every process within two seconds, wake or no wake."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from standvast.core.health.models import Pulse
from standvast.database.api import Wakes, async_connect
from standvast.registry.access import edge
from standvast.registry.access.guards import may
from standvast.registry.access.queries import memberships_of
from standvast.registry.access.rules import Role
from standvast.registry.access.ruling.memory import NONE, memory
from standvast.registry.access.ruling.models import Ruleset
from standvast.registry.access.ruling.operations import shadowing, versions
from standvast.registry.access.ruling.queries import behind_count
from standvast.registry.access.ruling.rules import State
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db(transaction=True)
FELT_S_MAX = 2.0
TEXT = """
@id("no-posts")
@sentence("Posts look at no patients")
forbid (principal, action == Action::"patients.see", resource)
when { principal.kind == "post" };
"""
OTHER_PROCESS = """
import asyncio, time
from standvast.project.command import start_django
start_django()
from standvast.database.api import Wakes, open_edge_pool
from standvast.registry.access.edge import AccessLive
from standvast.registry.access.ruling.memory import memory

async def main():
    await open_edge_pool()
    live, wakes, said = AccessLive(), Wakes(), None
    live.hears(wakes)
    running = [asyncio.ensure_future(t) for t in (wakes.run(), *live.tasks())]
    print("ready", flush=True)
    while True:
        if memory.numbers.enforced != said:
            said = memory.numbers.enforced
            print(said, time.time(), flush=True)
        await asyncio.sleep(0.01)

asyncio.run(main())
"""


class Pool:
    @asynccontextmanager
    async def connection(self):
        conn = await async_connect()
        try:
            await conn.set_autocommit(True)
            yield conn
        finally:
            await conn.close()


@pytest.fixture(autouse=True)
def forgotten():
    yield
    memory.take([])
    memory.tally.taken()
    assert memory.numbers == NONE


@pytest.fixture
def desk():
    return a_colleague(Role.OPERATOR).actor


@pytest.fixture
def lead(desk):
    return a_colleague(Role.OPERATOR_LEAD).actor


def approved(desk, lead) -> int:
    now = datetime.now(UTC)
    number = versions.propose(actor=desk, text=TEXT, why="w", now=now)
    shadowing.shadow(actor=desk, number=number, now=now + timedelta(microseconds=1))
    versions.approve(actor=lead, number=number, now=now + timedelta(microseconds=2))
    return number


async def felt_after_s(number: int) -> float:
    began = time.monotonic()
    for _ in range(1_000):
        if memory.numbers.enforced == number:
            return time.monotonic() - began
        await asyncio.sleep(0.005)
    raise AssertionError("never felt")


class TestTheEdge:
    @pytest.mark.parametrize("is_woken", [True, False])
    async def test_judges_by_other_rules_within_two_seconds(
        self, desk, lead, monkeypatch, is_woken
    ):
        monkeypatch.setattr(edge, "edge_pool", Pool)
        number = await sync_to_async(approved)(desk, lead)
        live, wakes = edge.AccessLive(), Wakes()
        if is_woken:
            monkeypatch.setattr(edge, "RULES_EVERY_S", 60.0)
            live.hears(wakes)
        running = [
            asyncio.ensure_future(wakes.run()),
            asyncio.ensure_future(live._keep_rules_fresh()),
        ]
        await asyncio.sleep(0.3)
        now = datetime.now(UTC)
        await sync_to_async(versions.enforce)(actor=desk, number=number, now=now)
        assert await felt_after_s(number) < FELT_S_MAX
        await sync_to_async(versions.take_back)(actor=desk, number=number, now=now)
        assert await felt_after_s(0) < FELT_S_MAX
        for task in running:
            task.cancel()
        await sync_to_async(connections.close_all)()

    async def test_keeps_the_rules_it_has_while_the_database_is_away(self, monkeypatch):
        class Away:
            @asynccontextmanager
            async def connection(self):
                raise OSError
                yield

        memory.take([(7, TEXT, True)])
        monkeypatch.setattr(edge, "edge_pool", Away)
        running = asyncio.ensure_future(edge.AccessLive()._keep_rules_fresh())
        await asyncio.sleep(0.1)

        assert not running.done()
        assert memory.numbers.enforced == 7
        running.cancel()


class TestAnotherProcess:
    def test_feels_enforcing_and_taking_back_within_two_seconds(self, desk, lead):
        number = approved(desk, lead)
        where = connection.settings_dict
        host = where["HOST"] or where["OPTIONS"].get("host", "")
        url = f"postgresql://{where['USER']}@/{where['NAME']}?host={host}"
        other = subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS],
            env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": "src"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert other.stdout.readline().strip() == "ready"
            assert other.stdout.readline().split()[0] == "0"
            for act, wanted in ((versions.enforce, number), (versions.take_back, 0)):
                act(actor=desk, number=number, now=datetime.now(UTC))
                done_at = time.time()
                said, at = other.stdout.readline().split()
                assert int(said) == wanted
                assert float(at) - done_at < FELT_S_MAX
        finally:
            other.kill()
            other.wait()


class TestTheProbe:
    def pulse(self, number: int, now: datetime) -> None:
        Pulse.objects.create(
            instance=f"serve-{number}",
            kind="serve",
            pid=1,
            started_at=now,
            at=now,
            figures={"rules": number},
        )

    def test_counts_processes_that_judge_by_other_rules_once_there_was_time(self, desk, lead):
        number, now = approved(desk, lead), datetime.now(UTC)
        versions.enforce(actor=desk, number=number, now=now)
        for each in (number, 0):
            self.pulse(each, now + timedelta(seconds=9))

        assert behind_count(now + timedelta(seconds=3)) == 0
        assert behind_count(now + timedelta(seconds=10)) == 1

    def test_counts_nobody_while_nothing_is_laid_on_top(self):
        now = datetime.now(UTC)
        self.pulse(0, now)

        assert behind_count(now) == 0

    def test_sees_who_did_not_hear_that_it_was_taken_back(self, desk, lead):
        number, now = approved(desk, lead), datetime.now(UTC)
        versions.enforce(actor=desk, number=number, now=now)
        versions.take_back(actor=desk, number=number, now=now)
        self.pulse(number, now + timedelta(seconds=9))

        assert behind_count(now + timedelta(seconds=10)) == 1


def test_a_text_that_cannot_be_read_is_never_enforced_by_a_process():
    Ruleset.objects.create(
        number=1,
        text="permit (",
        state=State.ENFORCED,
        proposed_at=datetime.now(UTC),
        approved_at=datetime.now(UTC),
        enforced_at=datetime.now(UTC),
    )
    at_work = a_colleague(Role.GP)
    memberships_of(at_work.person.id)

    assert may(at_work.actor, "patients.see")
