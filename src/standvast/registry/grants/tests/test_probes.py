"""The walk goes through every door of signing in to others, and names the one that is shut."""

import asyncio

import pytest

from standvast.core.health.api import ProbeContext, Verdict
from standvast.database.api import database_now
from standvast.registry.grants.models import Grant
from standvast.registry.grants.operations.exchanging import NotIssued
from standvast.registry.grants.pages import tokens
from standvast.registry.grants.probes import PROBES_OF_GRANTS
from standvast.registry.grants.queries.apps import app_rows, organisations_with_apps
from standvast.registry.grants.synthetic import LOGIN_NAME
from standvast.registry.people.api import person_by_login_name

pytestmark = pytest.mark.django_db(transaction=True)
[WALK] = PROBES_OF_GRANTS


@pytest.fixture(autouse=True)
def address(live_server, settings):
    settings.ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture(scope="module")
def loop():
    """The walker keeps its visit from one look to the next, in one loop as in a watch."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def look(loop):
    return lambda: loop.run(WALK.run(ProbeContext(now=database_now(), deadline_s=10.0)))


def is_whole(seen):
    """Whether no step failed; a machine full of tests may take long over them."""
    return seen.verdict is Verdict.GREEN or seen.code == "health.walk_slow"


def test_it_is_green_again_and_again_and_nobody_sees_its_app(look):
    for _ in range(2):
        assert is_whole(look())

    assert {grant.ended_for for grant in Grant.objects.all()} == {"given_back"}
    assert app_rows() == ()
    assert organisations_with_apps() == frozenset()


def test_it_names_where_a_code_is_worth_nothing(look, monkeypatch):
    monkeypatch.setattr(tokens, "exchange", lambda **_: NotIssued())

    seen = look()

    assert seen.verdict is Verdict.RED
    assert (seen.values["step"], seen.values["reason"]) == ("tokens", "http_400")


def test_it_sees_what_still_opens_after_it_was_given_back(look, monkeypatch):
    monkeypatch.setattr(tokens, "give_back", lambda **_: False)

    seen = look()

    assert (seen.values["step"], seen.values["reason"]) == ("end", "still_opens")


def test_a_password_that_another_process_set_is_no_fault(look):
    assert is_whole(look())
    person = person_by_login_name(LOGIN_NAME)
    person.set_password("that of another watch")
    person.save()

    assert is_whole(look())
