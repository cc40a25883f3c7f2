"""Every route x every role x own and other organisation, and strangers.

A route that nobody says anything about fails: say it in the module's testing.py
(`access_expectations`) or in tests/access/table.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from standvast.kit.wiring import wired
from standvast.registry.access.api import RIGHTS, Role
from standvast.registry.access.testing import AtWork, Expect, Who, a_colleague, signed_in_client
from tests.access.walk import django_routes, expectations, filled

EXPECTED = expectations("access")
ROUTES = django_routes()
LET_IN, SENT_AWAY, REFUSED, ABSENT = "let in", "sent to sign in", "refused", "not there"


def outcome_of(answer: HttpResponse) -> str:
    """Return what happened, as far as access goes."""
    assert answer.status_code < 500, answer.content[:2000]
    match answer.status_code:
        case 401:
            return SENT_AWAY
        case 301 | 302 | 303 if answer["Location"].startswith(settings.LOGIN_URL):
            return SENT_AWAY
        case 403:
            return REFUSED
        case 404:
            return ABSENT
        case 405:
            raise AssertionError("the method is not taken; say the right ones in `methods`")
        case _:
            return LET_IN


def rights() -> dict[str, frozenset[Role]]:
    return {right.name: right.roles for right in wired(RIGHTS)}


def wanted_of(expect: Expect, role: Role) -> str:
    """Return what this role should meet on a record of its own organisation."""
    if expect.who is Who.TOKEN or expect.absent:
        return ABSENT
    if expect.who is Who.APPS:
        return SENT_AWAY
    if isinstance(expect.who, Who):
        return LET_IN
    return LET_IN if role in rights()[expect.who] else REFUSED


@dataclass(frozen=True)
class Asked:
    """One question to one route."""

    address: str
    expect: Expect
    method: str

    def of(self, client: Client, owner: AtWork) -> str:
        """Return what a client meets on the record of `owner`."""
        values = self.expect.ids(owner) if self.expect.ids else {}
        data = dict(self.expect.data(owner)) if self.expect.data else {}
        send = client.get if self.method == "GET" else client.post
        return outcome_of(send(filled(self.address, values), data, REMOTE_ADDR="198.51.100.7"))


def questions() -> list[Asked]:
    return [
        Asked(address, EXPECTED[address], method)
        for address in sorted(ROUTES.keys() & EXPECTED.keys())
        for method in EXPECTED[address].methods
    ]


asked = pytest.mark.parametrize("question", questions(), ids=lambda q: f"{q.method} {q.address}")


@contextmanager
def undone() -> Iterator[None]:
    """Let everything inside happen, and then not have happened."""
    block = transaction.atomic()
    block._from_testcase = True  # operations insist on being outermost
    with block:
        cache.clear()
        yield
        transaction.set_rollback(True)


def test_every_route_is_known() -> None:
    unknown = sorted(ROUTES.keys() - EXPECTED.keys())

    assert not unknown, "say who may: access_expectations of the module, or tests/access/table.py"


def test_nothing_is_expected_of_routes_that_are_gone() -> None:
    gone = sorted(EXPECTED.keys() - ROUTES.keys())

    assert not gone, "remove these from the table"


def test_every_route_with_parts_says_whose_they_are() -> None:
    silent = [a for a, parts in ROUTES.items() if parts and a in EXPECTED and not EXPECTED[a].ids]

    assert not silent, "give `ids`, so that another organisation's can be tried"


def test_every_right_that_is_asked_for_exists() -> None:
    named = {one.who for one in EXPECTED.values() if not isinstance(one.who, Who)}

    assert named <= rights().keys()


@asked
@pytest.mark.django_db
def test_a_stranger(question: Asked) -> None:
    owner = a_colleague()

    with undone():
        met = question.of(Client(), owner)

    wanted = SENT_AWAY
    if question.expect.who in (Who.EVERYBODY, Who.STRANGERS, Who.TOKEN):
        wanted = wanted_of(question.expect, Role.GP)
        assert met in {wanted, *question.expect.also}
    else:
        assert met == wanted


def all_pairs() -> Iterator[object]:
    """Every question with every role; quick runs take one role that may and one that may not."""
    for question in questions():
        met: set[str] = set()
        for role in Role:
            wanted = wanted_of(question.expect, role)
            marks = [pytest.mark.slow] if wanted in met else []
            met.add(wanted)
            name = f"{role.value} {question.method} {question.address}"
            yield pytest.param(question, role, marks=marks, id=name)


@pytest.mark.django_db
@pytest.mark.parametrize(("question", "role"), list(all_pairs()))
def test_a_role_on_its_own_and_on_another_organisation(question: Asked, role: Role) -> None:
    me, other = a_colleague(role), a_colleague(role)
    wanted = wanted_of(question.expect, role)

    with undone():
        assert question.of(signed_in_client(me), me) in {wanted, *question.expect.also}
    if question.expect.ids and not question.expect.is_shared:
        with undone():
            met = question.of(signed_in_client(me), other)
        assert met == (REFUSED if wanted == REFUSED else ABSENT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question", [q for q in questions() if q.method == "POST"], ids=lambda q: q.address
)
def test_nothing_is_taken_without_our_own_pages_token(question: Asked) -> None:
    me = a_colleague(Role.GP)
    client = signed_in_client(me, enforce_csrf_checks=True)

    with undone():
        met = question.of(client, me)
    assert met == (SENT_AWAY if question.expect.who is Who.APPS else REFUSED)
