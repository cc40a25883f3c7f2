import asyncio
import uuid
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from psycopg_pool import PoolTimeout
from starlette.requests import Request

from standvast.database.api import Wakes, async_connect
from standvast.registry.access.edge import SessionReader, SessionsUnread, edge_actor
from standvast.registry.access.models import Membership
from standvast.registry.access.operations import end_membership
from standvast.registry.access.rules import Role
from standvast.registry.access.sessions import CHANNEL
from standvast.registry.access.testing import a_colleague, prepare_session
from standvast.registry.people.api import Person

pytestmark = pytest.mark.django_db(transaction=True)


class OneConnection:
    """A pool of one that counts how often it is asked."""

    def __init__(self) -> None:
        self.rounds_count = 0

    @asynccontextmanager
    async def connection(self):
        self.rounds_count += 1
        conn = await async_connect()
        try:
            await conn.set_autocommit(True)
            yield conn
        finally:
            await conn.close()


class NoConnection:
    @asynccontextmanager
    async def connection(self):
        raise PoolTimeout("no connection in time")
        yield


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
async def closed_afterwards():
    """Django's connection of the thread that the ORM ran in."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def pool():
    return OneConnection()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reader(pool, clock):
    return SessionReader(lambda: pool, clock=clock)


@sync_to_async
def somebody(role=Role.GP):
    at_work = a_colleague(role)
    return at_work, prepare_session(at_work.person.id, at_work.organisation.id)


def asked_with(cookie):
    header = f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()
    return Request({"type": "http", "headers": [(b"cookie", header)], "client": ("127.0.0.1", 5)})


class TestEdgeActor:
    async def test_knows_who_a_session_is(self, reader):
        at_work, cookie = await somebody()

        actor = await edge_actor(asked_with(cookie), reader=reader)

        assert actor == at_work.actor

    async def test_is_nobody_without_a_cookie_or_with_a_made_up_one(self, reader, pool):
        assert await edge_actor(asked_with(""), reader=reader) is None
        assert await edge_actor(asked_with("'; drop table"), reader=reader) is None
        assert pool.rounds_count == 0
        assert await edge_actor(asked_with("a" * 32), reader=reader) is None

    async def test_is_nobody_when_the_session_has_run_out(self, reader):
        _, cookie = await somebody()
        await Session.objects.aupdate(expire_date=datetime(2020, 1, 1, tzinfo=UTC))

        assert await edge_actor(asked_with(cookie), reader=reader) is None

    async def test_is_nobody_after_the_password_changed(self, reader):
        _, cookie = await somebody()
        await Person.objects.aupdate(password="!another")

        assert await edge_actor(asked_with(cookie), reader=reader) is None

    async def test_is_nobody_when_the_person_is_closed(self, reader):
        _, cookie = await somebody()
        await Person.objects.aupdate(is_active=False)

        assert await edge_actor(asked_with(cookie), reader=reader) is None

    async def test_is_nobody_when_the_membership_has_ended(self, reader):
        _, cookie = await somebody()
        await Membership.objects.aupdate(held_until=datetime(2021, 1, 1, tzinfo=UTC))

        assert await edge_actor(asked_with(cookie), reader=reader) is None

    async def test_a_tampered_session_is_nobody(self, reader):
        _, cookie = await somebody()
        await Session.objects.aupdate(session_data="eyJhIjoxfQ:aaaaaa:bbbbbbbbbbbb")

        assert await edge_actor(asked_with(cookie), reader=reader) is None


class TestSessionReader:
    async def test_remembers_for_a_second_and_no_longer(self, reader, pool, clock):
        _, cookie = await somebody()
        await reader.actor(cookie, address="")
        await Person.objects.aupdate(is_active=False)

        clock.now += 0.99
        assert await reader.actor(cookie, address="") is not None
        clock.now += 0.02
        assert await reader.actor(cookie, address="") is None
        assert pool.rounds_count == 2

    async def test_forgets_a_person_at_once_when_told(self, reader):
        at_work, cookie = await somebody()
        await reader.actor(cookie, address="")
        await Person.objects.aupdate(is_active=False)

        reader.drop(str(uuid.uuid4()))
        assert await reader.actor(cookie, address="") is not None
        reader.drop(str(at_work.person.id))
        assert await reader.actor(cookie, address="") is None

    async def test_many_asked_at_once_share_a_read(self, reader, pool):
        cookies = [(await somebody())[1] for _ in range(6)]

        actors = await asyncio.gather(*(reader.actor(cookie, address="") for cookie in cookies * 5))

        assert len({actor.organisation_id for actor in actors}) == 6
        assert pool.rounds_count <= 2

    async def test_a_session_is_whose_it_says_now(self, reader, clock):
        (one, cookie), (other, others) = await somebody(), await somebody()
        assert (await reader.actor(cookie, address="")).person_id == one.person.id
        theirs = await Session.objects.aget(session_key=others)
        await Session.objects.filter(session_key=cookie).aupdate(session_data=theirs.session_data)
        clock.now += 2

        found = await asyncio.gather(*(reader.actor(key, address="") for key in (cookie, others)))
        clock.now += 2
        again = await reader.actor(cookie, address="")

        assert {actor.person_id for actor in (*found, again)} == {other.person.id}
        await Session.objects.filter(session_key=cookie).adelete()
        clock.now += 2
        assert await reader.actor(cookie, address="") is None

    async def test_two_sessions_of_one_person_are_both_theirs(self, reader, clock):
        at_work, cookie = await somebody()
        again = await sync_to_async(prepare_session)(at_work.person.id, at_work.organisation.id)
        for _ in range(2):
            found = await asyncio.gather(
                *(reader.actor(key, address="127.0.0.1") for key in (cookie, again))
            )
            assert found == [at_work.actor, at_work.actor]
            clock.now += 2
        known = reader._remembered[again].known
        assert [one.organisation_id for one in known.holder.memberships] == [
            at_work.organisation.id
        ]

    async def test_says_busy_when_the_database_does_not_answer(self):
        reader = SessionReader(NoConnection)

        with pytest.raises(SessionsUnread) as refused:
            await reader.actor("a" * 32, address="")

        assert refused.value.retry_after_s > 0
        assert isinstance(PoolTimeout("x"), psycopg.Error)


class TestWake:
    async def test_ending_a_membership_is_felt_before_the_second_is_over(self, reader):
        at_work, cookie = await somebody(Role.ASSISTANT)
        gp = await sync_to_async(a_colleague)(Role.GP, at_work.organisation)
        assert await reader.actor(cookie, address="") is not None
        membership = await Membership.objects.aget(person=at_work.person)
        wakes, told = Wakes(), asyncio.Event()
        wakes.on(CHANNEL, reader.drop)
        wakes.on(CHANNEL, lambda _: told.set())
        listening = asyncio.create_task(wakes.run())
        await asyncio.sleep(0.2)

        await sync_to_async(end_membership)(
            actor=gp.actor, membership_id=membership.id, now=datetime.now(tz=UTC)
        )
        await asyncio.wait_for(told.wait(), timeout=3)

        assert await reader.actor(cookie, address="") is None
        listening.cancel()
