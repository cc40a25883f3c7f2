"""A doctor at work, their browser, and a way to tokens."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.testing import an_app, code_from


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def doctor():
    return a_colleague(Role.GP)


@pytest.fixture
def browser(doctor):
    return signed_in_client(doctor)


@pytest.fixture
def app(doctor, now):
    return an_app(doctor.actor, now=now)


@pytest.fixture
def elsewhere():
    """Where the app runs: no session, no cookies."""
    return Client()


@pytest.fixture
def let_in(browser, app, elsewhere):
    """Let the app in and return what it got: `let_in(scope=...)`."""

    def act(**asked):
        answer = app.tokens(elsewhere, code_from(browser, app, **asked))
        assert answer.status_code == 200, answer.content
        return answer.json()

    return act
