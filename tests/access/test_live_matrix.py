"""Every route of the edge x every role, and strangers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from starlette.routing import Router

from standvast.database.api import close_edge_pool, open_edge_pool
from standvast.kit.wiring import wired
from standvast.registry.access.api import Role
from standvast.registry.access.testing import (
    AtWork,
    Expect,
    Prepared,
    Who,
    a_colleague,
    csrf_value,
    prepare_session,
)
from standvast.web.live import LIVE
from tests.access.test_matrix import ABSENT, LET_IN, REFUSED, SENT_AWAY, wanted_of
from tests.access.walk import expectations, filled, live_routes

EXPECTED = expectations("live_access")
BUSY = "busy"
"""A process that has just started does not know its lobbies yet; nobody learns anything from it."""
HOST = "http://127.0.0.1"


@dataclass(frozen=True)
class Question:
    address: str
    expect: Expect
    method: str

    def path(self, me: AtWork) -> str:
        return filled(self.address, self.expect.ids(me) if self.expect.ids else {})


def questions() -> list[Question]:
    known = live_routes().keys() & EXPECTED.keys()
    return [
        Question(address, EXPECTED[address], method)
        for address in sorted(known)
        for method in EXPECTED[address].methods
        if not address.endswith("/notices/stream")  # never ends; the status pages try it
    ]


def outcome_of(answer: httpx.Response) -> str:
    met = {401: SENT_AWAY, 403: REFUSED, 404: ABSENT, 503: BUSY}.get(answer.status_code, LET_IN)
    assert answer.status_code < 500 or answer.status_code == 503, answer.text[:500]
    assert answer.status_code != 405, "say the right methods"
    return met


@pytest.fixture
async def edge() -> AsyncIterator[httpx.AsyncClient]:
    """The live routes alone, with the pool they read sessions through."""
    await open_edge_pool()
    router = Router(routes=[route for make in wired(LIVE) for route in make().routes()])
    transport = httpx.ASGITransport(app=router)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client
    await close_edge_pool()
    await sync_to_async(connections.close_all)()


@sync_to_async
def somebody(role: Role) -> tuple[AtWork, Prepared]:
    me = a_colleague(role)
    session = prepare_session(me.person.id, me.organisation.id)
    return me, Prepared(session, csrf_value(), me.person.id, me.organisation.id)


async def ask(
    edge: httpx.AsyncClient, question: Question, me: AtWork, cookies: dict[str, str], csrf: str
) -> str:
    edge.cookies.clear()
    edge.cookies.update(cookies)
    headers = {"X-CSRFToken": csrf, "Origin": HOST} if csrf else {}
    body = {"json": {}} if question.method == "POST" else {}
    answer = await edge.request(question.method, question.path(me), headers=headers, **body)
    return outcome_of(answer)


def wanted_on_the_edge(question: Question, role: Role) -> set[str]:
    wanted = {wanted_of(question.expect, role), *question.expect.also}
    return wanted if wanted == {REFUSED} else wanted | {BUSY}


def test_every_live_route_is_known() -> None:
    unknown = sorted(live_routes().keys() - EXPECTED.keys())

    assert not unknown, "say who may: live_access_expectations of the module, or the table"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
async def test_a_role_on_every_live_route(edge: httpx.AsyncClient, role: Role) -> None:
    me, prepared = await somebody(role)

    wrong = {}
    for question in questions():
        met = await ask(edge, question, me, prepared.cookies, prepared.csrf)
        wanted = wanted_on_the_edge(question, role)
        if met not in wanted:
            wrong[f"{question.method} {question.address}"] = (met, wanted)
    assert not wrong


@pytest.mark.django_db(transaction=True)
async def test_a_stranger_on_every_live_route(edge: httpx.AsyncClient) -> None:
    me, prepared = await somebody(Role.GP)

    wrong = {}
    for question in questions():
        met = await ask(edge, question, me, {}, prepared.csrf)
        open_to_all = question.expect.who in (Who.EVERYBODY, Who.TOKEN)
        wanted = wanted_on_the_edge(question, Role.GP)
        if met not in (wanted if open_to_all else {SENT_AWAY, REFUSED}):
            wrong[f"{question.method} {question.address}"] = met
    assert not wrong


@pytest.mark.django_db(transaction=True)
async def test_no_unsafe_live_route_without_our_own_pages_token(edge: httpx.AsyncClient) -> None:
    me, prepared = await somebody(Role.GP)
    unsafe = [q for q in questions() if q.method == "POST" and q.expect.who is not Who.TOKEN]

    wrong = {
        question.address: met
        for question in unsafe
        if (met := await ask(edge, question, me, prepared.cookies, "")) != REFUSED
    }

    assert not wrong
