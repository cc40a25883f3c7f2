"""Pytest plugin: one throw-away PostgreSQL per run, one database per parallel worker.

The settings read their environment at import, so the address is fixed here, first, and the
server started before the first test. `fsync` is off: storms and drills start durable servers
of their own.

After a test that committed, only tables that hold something are emptied. Django empties all of them
and makes every permission anew, of which we have none: a fifth of a second each time.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

MARK = "STANDVAST_TEST_SERVER"
_is_controller = MARK not in os.environ
_home = Path(os.environ.setdefault(MARK, tempfile.mkdtemp(prefix="standvast-test-")))
if _is_controller:
    _home.chmod(0o755)
    os.environ["DATABASE_URL"] = f"postgresql://standvast@/standvast?host={_home}/pg/socket"
    os.environ.setdefault("STANDVAST_VAR", str(_home / "var"))
    os.environ |= {
        "STANDVAST_SECRET_KEY": "only-for-tests",
        "STANDVAST_SEALING_KEYS": "test:" + "dGVzdCBrZXkgb2YgMzIgYnl0ZXMsIG5vIG1vcmUhISE=",
        "STANDVAST_POOL_MAX": "0",
        "STANDVAST_DEMO": "1",
        "STANDVAST_ADDRESS_CHECK_URL": "http://127.0.0.1:9/addresses/check",
    }

_server = None

FILLED = """
SELECT string_agg(oid::regclass::text, ', ')
  FROM pg_class
 WHERE relname = ANY (%s) AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""


@pytest.fixture(scope="session", autouse=True)
def _tables_emptied_quickly() -> None:
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]


def _empty_tables(_case: Any) -> None:
    from django.db import connection

    tables = connection.introspection.django_table_names(only_existing=False)
    with connection.cursor() as cursor:
        while True:  # what a thread left behind still wrote meanwhile goes as well
            cursor.execute(FILLED, [tables])
            (filled,) = cursor.fetchone()
            if not filled:
                return
            cursor.execute(f"TRUNCATE {filled} CASCADE")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the controller; workers find it in their environment."""
    global _server  # noqa: PLW0603 - one server per run
    if _is_controller and not config.option.collectonly and not config.option.help:
        from standvast.project import words
        from standvast.project.embedded import EmbeddedServer

        words.compile()

        _server = EmbeddedServer(_home / "pg", durable=False)
        _server.start()
        _server.make_database("standvast")


def pytest_unconfigure() -> None:
    """Stop the server and leave nothing behind."""
    if _server is not None:
        _server.stop()
    if _is_controller:
        shutil.rmtree(_home, ignore_errors=True)
