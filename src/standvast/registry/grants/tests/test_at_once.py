"""Two who show the same at the same moment: one gets it, and then neither keeps it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.holding import bearer_of
from standvast.registry.grants.models import Grant
from standvast.registry.grants.operations.exchanging import Issued, Secrets, exchange, refresh
from standvast.registry.grants.testing import CALLBACK, VERIFIER, an_app, code_from

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
MANY = 4


def at_once(act):
    """Do it four times at the same moment; return what came of each."""
    ready = Barrier(MANY)

    def one(number):
        try:
            ready.wait(timeout=10)
            return act(Secrets(f"access-{number}" * 4, f"refresh-{number}" * 4))
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


@pytest.fixture
def app():
    doctor = a_colleague(Role.GP)
    made = an_app(doctor.actor, now=NOW)
    return made, code_from(signed_in_client(doctor), made, scope="openid offline_access")


def issued(results):
    return [one for one in results if isinstance(one, Issued)]


def first(app, code, secrets):
    return exchange(
        app_id=app.app_id, code=code, redirect_uri=CALLBACK, verifier=VERIFIER, secrets=secrets,
        now=datetime.now(UTC),
    )  # fmt: skip


def test_a_code(app):
    app, code = app

    [made] = issued(at_once(lambda secrets: first(app, code, secrets)))

    assert Grant.objects.get().ended_for == "code_reused"
    assert bearer_of(made.access, address="", now=datetime.now(UTC)) is None


def test_a_refresh_token(app):
    app, code = app
    token = first(app, code, Secrets("access" * 8, "refresh" * 8)).refresh

    [made] = issued(
        at_once(
            lambda secrets: refresh(
                app_id=app.app_id, token=token, asked="", secrets=secrets, now=datetime.now(UTC)
            )
        )
    )

    assert Grant.objects.get().ended_for == "refresh_reused"
    assert bearer_of(made.access, address="", now=datetime.now(UTC)) is None
